using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Dlt.Destinations.Settings;

namespace Dlt.Destinations.Tables;

/// <summary>
/// Partition projection: parameters of an external table by which Athena computes its partitions (docs/spec/aws-apis.md 5.3). A load
/// extends them by the values of its rows, so no call per partition is needed, however many there are.
/// </summary>
internal static class PartitionProjection
{
    private const string Enabled = "projection.enabled";

    /// <summary>
    /// Marks a table without rows whose partitions will be computed. Projection cannot be on without values, and where it is off, Athena
    /// reads the partitions in Glue, which a load must not hide.
    /// </summary>
    private const string Mark = "dlt.hive-partitions";

    /// <summary>Folders of partitions that are not <c>key=value</c>.</summary>
    public const string Template = "storage.location.template";

    /// <summary>Bytes of a property that Glue takes (AWS Glue API, Table).</summary>
    private const int MaxPropertyBytes = 512_000;

    /// <summary>Parameters of a table without rows.</summary>
    public static ImmutableSortedDictionary<string, string> None { get; } =
        ImmutableSortedDictionary<string, string>.Empty.Add(Mark, HivePartitions.Projection);

    /// <summary>True when Athena computes the partitions of a table with these parameters, or will with the first rows.</summary>
    public static bool IsOf(ImmutableSortedDictionary<string, string>? parameters) =>
        parameters is not null && (parameters.TryGetValue(Enabled, out var value)
            ? value.Equals("true", StringComparison.OrdinalIgnoreCase)
            : parameters.GetValueOrDefault(Mark) == HivePartitions.Projection);

    /// <summary>Returns the parameters with the values of further partitions.</summary>
    /// <param name="parameters">Parameters of the table.</param>
    /// <param name="keys">Partition keys of the table.</param>
    /// <param name="partitions">The partitions.</param>
    public static ImmutableSortedDictionary<string, string> Extended(
        ImmutableSortedDictionary<string, string> parameters, ImmutableArray<HivePartitionKey> keys,
        IReadOnlyCollection<HivePartition> partitions)
    {
        if (keys.IsEmpty || partitions.Count == 0) return parameters;
        parameters = parameters.Remove(Mark).SetItem(Enabled, "true");
        for (var i = 0; i < keys.Length; i++)
        {
            var values = partitions.Select(p => p.Values[i]).Distinct(StringComparer.Ordinal);
            parameters = parameters.SetItems(Of(keys[i], values, parameters));
        }

        return parameters;
    }

    /// <summary>Refuses partitions whose values, with those of the table, are too many for a property.</summary>
    /// <param name="table">Name of the table.</param>
    /// <param name="parameters">Parameters of the table; null for a new one.</param>
    /// <param name="keys">Partition keys of the table.</param>
    /// <param name="partitions">Partitions of the load.</param>
    /// <exception cref="SchemaException">The values of a key have too many bytes.</exception>
    public static void Check(
        string table, ImmutableSortedDictionary<string, string>? parameters, ImmutableArray<HivePartitionKey> keys,
        IReadOnlyCollection<HivePartition> partitions)
    {
        var extended = Extended(parameters ?? None, keys, partitions);
        foreach (var key in keys)
        {
            var size = Encoding.UTF8.GetByteCount(extended.GetValueOrDefault($"projection.{key.Name}.values", ""));
            if (size <= MaxPropertyBytes) continue;
            static string Number(int bytes) => bytes.ToString("N0", CultureInfo.InvariantCulture);
            throw new SchemaException(
                $"The values of column '{table}.{key.Source.Name}', by which the table is partitioned, have {Number(size)} bytes, and Glue "
                + $"takes {Number(MaxPropertyBytes)} in the property that lists them. Nothing was loaded; the package stays pending. "
                + "Partition by a column with fewer values, load into a new table with hive_partitions = \"glue\", or load into an Iceberg "
                + "table.")
            { Table = table, Column = key.Source.Name };
        }
    }

    /// <summary>True when a load can extend the values of a key: none were set yet, or they have the form that loads write.</summary>
    public static bool CanExtend(ImmutableSortedDictionary<string, string> parameters, string key)
    {
        string? Of(string member) => parameters.GetValueOrDefault($"projection.{key}.{member}");
        var isPlain = (Of("interval") is null or "1") && Of("digits") is null
            && Of("range")?.Contains("NOW", StringComparison.OrdinalIgnoreCase) != true;
        return isPlain && ((Of("type"), Of("format")) is (null or "enum" or "integer", null)
            or ("date", "yyyy-MM" or "yyyy-MM-dd" or "yyyy-MM-dd-HH"));
    }

    private static IEnumerable<KeyValuePair<string, string>> Of(
        HivePartitionKey key, IEnumerable<string> values, ImmutableSortedDictionary<string, string> parameters)
    {
        var name = $"projection.{key.Name}.";
        string[] Stored(string member) => parameters.GetValueOrDefault(name + member)?.Split(',') ?? [];
        var range = values.Concat(Stored("range"));
        if (key.DateFormat is { } format)
        {
            yield return new(name + "type", "date");
            yield return new(name + "format", format);
            yield return new(name + "range", $"{range.Min(StringComparer.Ordinal)},{range.Max(StringComparer.Ordinal)}");
            yield return new(name + "interval", "1");
            yield return new(name + "interval.unit", format switch { "yyyy-MM" => "MONTHS", "yyyy-MM-dd" => "DAYS", _ => "HOURS" });
        }
        else if (key.Type == "string")
        {
            yield return new(name + "type", "enum");
            var all = values.Concat(Stored("values")).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal);
            yield return new(name + "values", string.Join(',', all));
        }
        else
        {
            var numbers = range.Select(v => long.Parse(v, CultureInfo.InvariantCulture)).ToList();
            yield return new(name + "type", "integer");
            yield return new(name + "range", string.Create(CultureInfo.InvariantCulture, $"{numbers.Min()},{numbers.Max()}"));
        }
    }
}
