using Dlt.Destinations.Settings;
using Dlt.Lake;
using Dlt.Schemas;

namespace Dlt.Destinations.Tables;

/// <summary>
/// Determines whether Glue lists the partitions of an external table, or Athena computes them. A table keeps what it was made with.
/// </summary>
/// <param name="setting">The setting <c>hive_partitions</c>, for new tables without the hint <c>x-athena-hive-partitions</c>.</param>
internal sealed class PartitionListing(string setting)
{
    /// <summary>Hint of a table, with the values of the setting.</summary>
    private const string Hint = "x-athena-hive-partitions";

    /// <summary>True when Glue lists the partitions of a stored table.</summary>
    public static bool IsInGlue(GlueTable stored) =>
        stored is { IsIceberg: false, Definition.PartitionKeys: { IsDefaultOrEmpty: false } }
        && !PartitionProjection.IsOf(stored.Definition.Parameters);

    /// <summary>True when Glue lists the partitions of a table, which may not exist yet.</summary>
    /// <exception cref="SchemaException">The hint of the table has another value.</exception>
    public bool IsInGlue(TableSchema table, GlueTable? stored)
    {
        var hint = table.Text(Hint);
        if (hint is not null && !HivePartitions.All.Contains(hint))
        {
            throw new SchemaException($"Table '{table.Name}' has the hint {Hint} = '{hint}'. Nothing was loaded. Set it to "
                + $"{string.Join(" or ", HivePartitions.All.Select(v => $"'{v}'"))}, or remove it.")
            { Table = table.Name };
        }

        return stored is not null ? IsInGlue(stored) : (hint ?? setting) == HivePartitions.Glue;
    }
}
