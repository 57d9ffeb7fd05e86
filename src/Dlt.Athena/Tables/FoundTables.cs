using System.Collections.Immutable;
using Dlt.Lake;
using IcebergTable = Dlt.Iceberg.Table;

namespace Dlt.Destinations.Tables;

/// <summary>Tables of a database as a load found them.</summary>
/// <param name="Stored">Definitions by name in lower case.</param>
/// <param name="Iceberg">The opened Iceberg tables among them, by name in lower case.</param>
internal sealed record FoundTables(ImmutableDictionary<string, GlueTable> Stored, ImmutableDictionary<string, IcebergTable> Iceberg)
{
    /// <summary>No tables.</summary>
    public static FoundTables None { get; } =
        new(ImmutableDictionary<string, GlueTable>.Empty, ImmutableDictionary<string, IcebergTable>.Empty);

    /// <summary>Partitions of external tables that the load writes, by name in lower case.</summary>
    public ImmutableDictionary<string, IReadOnlyList<HivePartition>> Partitions { get; init; } =
        ImmutableDictionary<string, IReadOnlyList<HivePartition>>.Empty;

    /// <summary>Partitions of a table that the load writes; none for a table without partitions.</summary>
    public IReadOnlyList<HivePartition> PartitionsOf(string table) => Partitions.GetValueOrDefault(table.ToLowerInvariant(), []);

    /// <summary>Definition of a table, whatever the case of its name; null if it does not exist.</summary>
    public GlueTable? Of(string table) => Stored.GetValueOrDefault(table.ToLowerInvariant());

    /// <summary>An opened Iceberg table, whatever the case of its name; null if it is not one or was not opened.</summary>
    public IcebergTable? IcebergOf(string table) => Iceberg.GetValueOrDefault(table.ToLowerInvariant());

    /// <summary>The same tables without some of them.</summary>
    public FoundTables Without(IEnumerable<string> tables)
    {
        List<string> names = [.. tables.Select(t => t.ToLowerInvariant())];
        return this with { Stored = Stored.RemoveRange(names), Iceberg = Iceberg.RemoveRange(names) };
    }

    /// <summary>The same tables with a newer version of an Iceberg table.</summary>
    public FoundTables With(string table, IcebergTable iceberg) =>
        this with { Iceberg = Iceberg.SetItem(table.ToLowerInvariant(), iceberg) };
}
