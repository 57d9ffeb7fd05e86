using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace Dlt.Destinations.Tables;

/// <summary>A partition of an external table: the folder of the rows that have the same values of its keys.</summary>
/// <param name="Folder">The folder below that of the table, such as <c>country=de/at_day=2024-05-06</c>.</param>
/// <param name="Values">The values as texts, in the order of the keys.</param>
internal sealed record HivePartition(string Folder, ImmutableArray<string> Values)
{
    /// <summary>Characters that Hive escapes in the names of folders.</summary>
    private const string Escaped = "\"#%'*/:=?\\{[]^\u007F";

    /// <summary>Returns the partition of values.</summary>
    /// <exception cref="SchemaException">A value is null or cannot be in the list of a table's partitions.</exception>
    public static HivePartition Of(string table, IReadOnlyList<HivePartitionKey> keys, IReadOnlyList<string?> values)
    {
        for (var i = 0; i < keys.Count; i++) Check(table, keys[i], values[i]);
        return new(string.Join('/', keys.Select((k, i) => $"{k.Name}={Escape(values[i]!)}")), [.. values.Select(v => v!)]);
    }

    private static void Check(string table, HivePartitionKey key, string? value)
    {
        var why = value switch
        {
            null or "" => "has rows without a value",
            _ when value.Contains(',', StringComparison.Ordinal) => $"has the value '{value}' with a comma",
            _ when value != value.Trim() => $"has the value '{value}', which begins or ends with a blank",
            _ => null,
        };
        if (why is null) return;
        throw new SchemaException(
            $"Column '{table}.{key.Source.Name}' {why}, and the table is partitioned by it: Athena would not find these rows, because the "
            + "table lists the values of its partitions. Nothing was loaded; the package stays pending. Give every row a value without "
            + "commas in the data, or load into an Iceberg table, which can have such partitions.")
        { Table = table, Column = key.Source.Name };
    }

    private static string Escape(string value)
    {
        if (!value.Any(c => c < ' ' || Escaped.Contains(c, StringComparison.Ordinal))) return value;
        var text = new StringBuilder();
        foreach (var c in value)
        {
            if (c < ' ' || Escaped.Contains(c, StringComparison.Ordinal)) text.Append(CultureInfo.InvariantCulture, $"%{(int)c:X2}");
            else text.Append(c);
        }

        return text.ToString();
    }
}
