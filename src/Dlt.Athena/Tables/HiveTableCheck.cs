using Dlt.Lake;
using Dlt.Schemas;

namespace Dlt.Destinations.Tables;

/// <summary>
/// Checks whether an existing external table can show the rows of a schema's table, before anything is uploaded or changed.
/// </summary>
/// <param name="database">Database of the dataset.</param>
/// <param name="capabilities">Determine the types of columns.</param>
/// <param name="locationOf">Returns the folder of a table.</param>
internal sealed class HiveTableCheck(string database, DestinationCapabilities capabilities, Func<string, string> locationOf)
{
    private const string NothingLoaded = "Nothing was loaded.";

    /// <summary>Checks format, location and column types.</summary>
    /// <exception cref="SchemaException">The table cannot show the rows.</exception>
    public void Check(TableSchema table, GlueTable stored)
    {
        CheckFormat(table, stored);
        CheckLocation(table, stored);
        foreach (var column in table.CompleteColumns)
        {
            var type = AthenaColumnType.HiveNameOf(column, capabilities);
            if (ColumnOf(stored, column) is not { } old || old.Type.Equals(type, StringComparison.OrdinalIgnoreCase)
                || MergeNestedType(old.Type, column) is not null) continue;
            var found = old.Type.Length == 0 ? "without a type" : old.Type;
            throw new SchemaException(
                $"Column '{database}.{table.Name}.{column.Name}' is {found} in Glue, but {type} in the schema. {NothingLoaded} "
                + "Declare the column with its old type in the resource, load into a table of another name, or drop the table.")
            { Table = table.Name, Column = column.Name };
        }
    }

    /// <summary>The column or partition key in Glue, whatever the case of its name; null if it does not exist.</summary>
    public static GlueColumn? ColumnOf(GlueTable stored, ColumnSchema column) =>
        stored.Columns.Concat(stored.Definition.PartitionKeys ?? []).FirstOrDefault(
            c => c.Name.Equals(column.Name, StringComparison.OrdinalIgnoreCase));

    /// <summary>
    /// Merges the fields of a stored nested type, some of which another pipeline may have added, with those of the schema. Null if they
    /// contradict each other or the column is not of a nested type that may grow.
    /// </summary>
    public static string? MergeNestedType(string stored, ColumnSchema column)
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
            throw Unfit(table, "has no location, because it is a link to another table", "so there is no folder to load into");
        CheckPartitions(table, definition);

        var serDe = storage.SerdeInfo?.SerializationLibrary;
        if (serDe is not null && !serDe.Equals(HiveTable.SerDe, StringComparison.OrdinalIgnoreCase))
            throw Unfit(table, $"is read with the SerDe {serDe}", "which does not read Parquet files");
        if (storage.InputFormat is { } format && !format.Equals(HiveTable.InputFormat, StringComparison.OrdinalIgnoreCase))
            throw Unfit(table, $"is read with the input format {format}", "which does not read Parquet files");
        if (storage is { NumberOfBuckets: > 0, BucketColumns: { IsDefaultOrEmpty: false } buckets })
        {
            var names = string.Join(", ", buckets);
            throw Unfit(table, $"has its rows in buckets by {names}", "and rows outside their bucket are not found");
        }
    }

    private void CheckPartitions(TableSchema table, GlueTableInput stored)
    {
        static string List(IEnumerable<string> names) => string.Join(", ", names.Select(n => $"'{n}'"));
        var keys = (stored.PartitionKeys ?? []).Select(k => k.Name).ToList();
        var wanted = HivePartitionKey.NamesOf(table);
        if (!keys.SequenceEqual(wanted, StringComparer.OrdinalIgnoreCase))
        {
            throw keys.Count == 0
                ? Unfit(table, $"has no partitions, but the resource divides its rows by {List(wanted)}",
                    "and a table cannot get partition keys later")
                : Unfit(table, $"has the partition key(s) {List(keys)}", "and files outside the folders of its partitions are not read");
        }

        if (!PartitionProjection.IsOf(stored.Parameters)) return;
        if (keys.Count > 0 && stored.Parameters!.ContainsKey(PartitionProjection.Template))
            throw Unfit(table, "names the folders of its partitions with storage.location.template", "and a load adds none there");
        if (keys.FirstOrDefault(k => !PartitionProjection.CanExtend(stored.Parameters!, k)) is { } other)
            throw Unfit(table, $"computes the partitions of '{other}' by a rule that dlt did not write", "and a load cannot extend it");
    }

    private void CheckLocation(TableSchema table, GlueTable stored)
    {
        var expected = locationOf(table.Name);
        if (DatasetLocations.IsOf(stored.Location, expected)) return;
        throw new SchemaException(
            $"Table '{database}.{table.Name}' reads from {stored.Location}, but under the current settings its files would be written to "
            + $"{expected}. {NothingLoaded} Set bucket_url and layout as they were, or drop the table.")
        { Table = table.Name };
    }

    private SchemaException Unfit(TableSchema table, string what, string why) => new(
        $"Table '{database}.{table.Name}' {what}, {why}; loaded rows would not be visible. {NothingLoaded} "
        + "Load into a table of another name, or drop this one: the next run creates it again.")
    { Table = table.Name };
}
