using System.Collections.Immutable;
using Dlt.Iceberg;
using Dlt.Normalize.Files;
using Dlt.Parquet.Reading;
using Dlt.Schemas;
using IcebergTable = Dlt.Iceberg.Table;

namespace Dlt.Destinations.Iceberg;

/// <summary>A job's file on its way into an Iceberg table.</summary>
internal static class LoadedFile
{
    /// <summary>
    /// Puts a file into the table's folder: as it is but with field ids, or, where the table has partitions or a sort order, or the file
    /// times of another unit than Iceberg's, row by row.
    /// </summary>
    /// <param name="table">The table in the schema.</param>
    /// <param name="stored">The table.</param>
    /// <param name="path">The job's file.</param>
    /// <param name="name">Name of the new file.</param>
    /// <param name="cancellationToken">Stops; what was written is no part of the table.</param>
    public static async Task<IReadOnlyList<DataFile>> AddAsync(
        TableSchema table, IcebergTable stored, string path, string name, CancellationToken cancellationToken)
    {
        var file = new ParquetFile(path);
        if (file.Rows == 0) return [];
        var schema = AsInFile(stored.Metadata.CurrentSchema, table);
        var copy = Path.Combine(Path.GetTempPath(), $"dlt-{Guid.NewGuid():N}.parquet");
        try
        {
            file.WriteWithIds(copy, schema);
            if (IsWrittenByRows(stored) || file.HasOtherUnits(schema))
                return await SplitAsync(stored, path, copy, cancellationToken).ConfigureAwait(false);
            var location = DataLocations.Of(stored.Metadata, stored.Metadata.DefaultSpecId, [], name);
            await stored.Files.UploadAsync(location, copy, cancellationToken).ConfigureAwait(false);
            ImmutableArray<object?> partition = [.. stored.Metadata.DefaultSpec.Fields.Select(object? (_) => null)];
            var described = file.Describe(
                location, new FileInfo(copy).Length, schema, stored.Metadata, stored.Metadata.DefaultSpecId, partition);
            return [new MetricsConfig(stored.Metadata).Applied(described, stored.Metadata.CurrentSchema)];
        }
        finally
        {
            File.Delete(copy);
        }
    }

    private static bool IsWrittenByRows(IcebergTable table) =>
        !table.Metadata.DefaultSpec.IsUnpartitioned || table.Metadata.DefaultSortOrderId != SortOrder.Unsorted.OrderId;

    private static async Task<IReadOnlyList<DataFile>> SplitAsync(
        IcebergTable table, string path, string copy, CancellationToken cancellationToken)
    {
        var writer = new DataFileWriter(table);
        await using (writer.ConfigureAwait(false))
        {
            using var stream = File.OpenRead(copy);
            await foreach (var batch in new ParquetDataFileReader()
                .ReadAsync(stream, new(path, table.Metadata.CurrentSchema), cancellationToken).ConfigureAwait(false))
                foreach (var row in batch.Rows) await writer.AddAsync(row, cancellationToken).ConfigureAwait(false);
            return await writer.CompleteAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>
    /// The table's columns under the names that the file has: naming conventions may keep the case, which the catalog folds.
    /// </summary>
    private static Dlt.Iceberg.Schema AsInFile(Dlt.Iceberg.Schema schema, TableSchema table)
    {
        var names = table.CompleteColumns.ToDictionary(c => c.Name, c => FileColumnName.Of(c.Name), StringComparer.OrdinalIgnoreCase);
        if (schema.Fields.All(f => !names.TryGetValue(f.Name, out var name) || name == f.Name)) return schema;
        return new Dlt.Iceberg.Schema(
            [.. schema.Fields.Select(f => names.TryGetValue(f.Name, out var name) ? f with { Name = name } : f)], schema.SchemaId);
    }
}
