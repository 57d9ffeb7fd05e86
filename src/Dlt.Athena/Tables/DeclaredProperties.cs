using System.Collections.Immutable;
using System.Text;
using Dlt.Iceberg;
using Dlt.Schemas;

namespace Dlt.Destinations.Tables;

/// <summary>
/// Reads the properties that a resource declares for its table (hint <c>x-athena-table-properties</c>): properties of an Iceberg table, or
/// parameters of an external table in Glue. Properties of a table that the hint does not name stay as they are.
/// </summary>
internal static class DeclaredProperties
{
    private const string Hint = "x-athena-table-properties";

    /// <summary>Bytes of a name and of a value that Glue takes (AWS Glue API, Table).</summary>
    private const int MaxNameBytes = 255;
    private const int MaxValueBytes = 512_000;

    /// <summary>Names that Athena has for Iceberg tables, and those of the catalog's own entries.</summary>
    private static readonly ImmutableHashSet<string> OfIceberg =
        ["format", "table_type", "write_compression", "metadata_location", "previous_metadata_location", "external"];

    private static readonly ImmutableHashSet<string> OfHive =
        ["external", "classification", "table_type", "metadata_location", "transient_lastddltime", PartitionProjection.Template];

    /// <summary>The declared properties of a table; none for most tables.</summary>
    /// <exception cref="SchemaException">The hint is not a map of texts.</exception>
    public static ImmutableSortedDictionary<string, string> Of(TableSchema table)
    {
        var read = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        if (table[Hint] is not { IsNull: false } hint) return read.ToImmutable();
        if (hint.Kind != JsonKind.Object) throw Wrong(table, "is not a map of names and values");
        foreach (var (name, value) in hint.Members)
        {
            if (value.Kind is JsonKind.Object or JsonKind.Array || value.IsNull)
                throw Wrong(table, $"has a value of '{name}' that is not a text");
            read[name] = value.Kind == JsonKind.String ? value.AsString() : value.ToString();
        }

        return read.ToImmutable();
    }

    /// <summary>Refuses properties that loads or the format of the table decide.</summary>
    /// <exception cref="SchemaException">A property cannot be set.</exception>
    public static void Check(TableSchema table, bool isIceberg)
    {
        foreach (var (name, value) in Of(table))
        {
            if (IsReserved(name.ToLowerInvariant(), isIceberg))
            {
                var kind = isIceberg ? "an Iceberg" : "an external";
                throw Wrong(table, $"sets '{name}', which loads or the format of {kind} table decide");
            }

            if (name.Length == 0 || Encoding.UTF8.GetByteCount(name) > MaxNameBytes)
                throw Wrong(table, $"has the name '{name}', and Glue takes names of 1 to {MaxNameBytes} bytes");
            if (Encoding.UTF8.GetByteCount(value) > MaxValueBytes)
                throw Wrong(table, $"has a value of '{name}' with more than {MaxValueBytes} bytes, which Glue does not take");
        }
    }

    private static bool IsReserved(string name, bool isIceberg)
    {
        if (name.StartsWith("dlt.", StringComparison.Ordinal)) return true;
        return isIceberg
            ? OfIceberg.Contains(name) || ReservedProperties.Contains(name)
            : OfHive.Contains(name) || name.StartsWith("projection.", StringComparison.Ordinal);
    }

    private static SchemaException Wrong(TableSchema table, string what) => new(
        $"The hint {Hint} of table '{table.Name}' {what}. Nothing was loaded. Correct TableProperties of the resource, or the hint in the "
        + "schema.")
    { Table = table.Name };
}
