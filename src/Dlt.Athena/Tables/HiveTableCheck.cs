using Dlt.Parquet;
using Dlt.Lake;
using Dlt.Schemas;

namespace Dlt.Destinations;

/// <summary>
/// Whether an external table that is there can show the rows of a schema's table: asked before anything is uploaded or changed.
/// </summary>
/// <param name="database">The dataset's database.</param>
/// <param name="capabilities">Types of columns.</param>
/// <param name="locationOf">Folder that a table is loaded to.</param>
internal sealed class HiveTableCheck(string database, DestinationCapabilities capabilities, Func<string, string> locationOf)
{
    private const string NothingLoaded = "Nothing was loaded.";

    /// <exception cref="SchemaException">It cannot.</exception>
    public void Check(TableSchema table, GlueTable stored)
    {
        CheckFormat(table, stored);
        CheckLocation(table, stored);
        foreach (var column in table.CompleteColumns)
        {
            var type = AthenaColumnType.HiveNameOf(column, capabilities);
            if (ColumnOf(stored, column) is not { } old || old.Type.Equals(type, StringComparison.OrdinalIgnoreCase)
                || MergedType(old.Type, column) is not null) continue;
            throw new SchemaException(
                $"Column '{database}.{table.Name}.{column.Name}' is {old.Type} in Glue, but the schema says {type}. {NothingLoaded} "
                + "Declare the column with its old type, or drop the table.") { Table = table.Name, Column = column.Name };
        }
    }

    /// <summary>The column in Glue, whatever the case of its name; null for none.</summary>
    public static GlueColumn? ColumnOf(GlueTable stored, ColumnSchema column) =>
        stored.Columns.FirstOrDefault(c => c.Name.Equals(column.Name, StringComparison.OrdinalIgnoreCase));

    /// <summary>
    /// The type of a native column with the fields that Glue has, which another pipeline may have added, and those of the schema; null when
    /// they contradict each other.
    /// </summary>
    public static string? MergedType(string stored, ColumnSchema column)
    {
        if (column is not { GrowsNestedType: true, NestedType: { } type } || !NestedType.TryParse(stored, out var old)) return null;
        var own = NestedType.Parse(type);
        return NestedType.Merge(old, own) is { } merged && merged.Extends(own) ? merged.Hive : null;
    }

    private void CheckFormat(TableSchema table, GlueTable stored)
    {
        var definition = stored.Definition;
        var storage = definition.StorageDescriptor;
        if (definition.TableType?.Equals("VIRTUAL_VIEW", StringComparison.OrdinalIgnoreCase) == true)
            throw Unfit(table, "is a view", "which holds no rows");
        if (storage?.Location is null or "")
            throw Unfit(table, "has no location of its own, as a link to a table elsewhere has none",
                "so that there is no folder to load into");
        if (definition.PartitionKeys is { IsDefaultOrEmpty: false } keys)
            throw Unfit(table, $"has the partition key(s) {string.Join(", ", keys.Select(k => $"'{k.Name}'"))}",
                    "and files beside the folders of its partitions are not read");
        var serDe = storage.SerdeInfo?.SerializationLibrary;
        if (serDe is not null && !serDe.Equals(HiveTable.SerDe, StringComparison.OrdinalIgnoreCase))
            throw Unfit(table, $"is read with the SerDe {serDe}", "which does not read Parquet files");
        if (storage.InputFormat is { } format && !format.Equals(HiveTable.InputFormat, StringComparison.OrdinalIgnoreCase))
            throw Unfit(table, $"is read with the input format {format}", "which does not read Parquet files");
        if (storage is { NumberOfBuckets: > 0, BucketColumns: { IsDefaultOrEmpty: false } buckets })
            throw Unfit(table, $"has its rows in buckets by {string.Join(", ", buckets)}",
                "and rows outside of their bucket are not found");
    }

    private void CheckLocation(TableSchema table, GlueTable stored)
    {
        var expected = locationOf(table.Name);
        if (stored.Location.TrimEnd('/') == expected.TrimEnd('/')) return;
        throw new SchemaException(
            $"Table '{database}.{table.Name}' reads from {stored.Location}, but the settings would load to {expected}, where the "
            + "table does not look. "
            + $"{NothingLoaded} Set bucket_url and layout as they were, or drop the table.") { Table = table.Name };
    }

    private SchemaException Unfit(TableSchema table, string what, string why) => new(
        $"Table '{database}.{table.Name}' {what}, {why}; rows that are loaded would not be seen. {NothingLoaded} "
        + "Load into a table of another name, or drop this one: the next run creates it again.") { Table = table.Name };
}
