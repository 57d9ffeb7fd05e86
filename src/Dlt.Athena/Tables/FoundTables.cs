using System.Collections.Immutable;
using Dlt.Lake;
using IcebergTable = Dlt.Iceberg.Table;

namespace Dlt.Destinations;

/// <summary>Tables of a database as they were found.</summary>
/// <param name="Stored">Definitions by name, in lower case.</param>
/// <param name="Iceberg">Those Iceberg tables among them that were opened.</param>
internal sealed record FoundTables(ImmutableDictionary<string, GlueTable> Stored, ImmutableDictionary<string, IcebergTable> Iceberg)
{
    public static FoundTables None { get; } =
        new(ImmutableDictionary<string, GlueTable>.Empty, ImmutableDictionary<string, IcebergTable>.Empty);

    public GlueTable? Of(string table) => Stored.GetValueOrDefault(table.ToLowerInvariant());

    public IcebergTable? IcebergOf(string table) => Iceberg.GetValueOrDefault(table.ToLowerInvariant());

    public FoundTables Without(IEnumerable<string> tables)
    {
        List<string> names = [.. tables.Select(t => t.ToLowerInvariant())];
        return new(Stored.RemoveRange(names), Iceberg.RemoveRange(names));
    }

    public FoundTables With(string table, IcebergTable iceberg) =>
        this with { Iceberg = Iceberg.SetItem(table.ToLowerInvariant(), iceberg) };
}
