using System.Collections.Immutable;
using Dlt.Iceberg;
using Dlt.Parquet.Reading;
using Dlt.Schemas;
using IcebergTable = Dlt.Iceberg.Table;

namespace Dlt.Destinations.Staging;

/// <summary>
/// Puts the files of jobs into the folders of Iceberg tables. They are not part of the table before a commit names them. Safe for
/// concurrent use.
/// </summary>
internal sealed class IcebergStaging : IDisposable
{
    /// <summary>
    /// Jobs whose rows are written again at a time: that takes a core, and up to 128 MiB for the rows of partitions that wait.
    /// </summary>
    private readonly SemaphoreSlim _rewrites = new(Math.Clamp(Environment.ProcessorCount, 1, 4));

    /// <summary>
    /// Stages the file of a job: as it is but with field ids, or, where the table has partitions or a sort order, or the file times of
    /// another unit than Iceberg's, row by row.
    /// </summary>
    /// <param name="job">The job.</param>
    /// <param name="stored">The table.</param>
    /// <param name="cancellationToken">Stops; what was written is not part of the table.</param>
    /// <returns>The receipt (<see cref="StagedManifest"/>).</returns>
    public async Task<ReadOnlyMemory<byte>> StageAsync(LoadJob job, IcebergTable stored, CancellationToken cancellationToken) =>
        StagedManifest.Write(stored.Metadata, await WriteAsync(job, stored, cancellationToken).ConfigureAwait(false));

    /// <summary>True when all data files of a job's receipt are there, for the table as it is.</summary>
    public static async Task<bool> IsStagedAsync(LoadJob job, IcebergTable stored, CancellationToken cancellationToken)
    {
        if (StagedManifest.TryRead(job.Receipt, stored.Metadata) is not { } files) return false;
        foreach (var file in files)
            if (!await stored.Files.ExistsAsync(file.FilePath, cancellationToken).ConfigureAwait(false)) return false;
        return true;
    }

    /// <inheritdoc/>
    public void Dispose() => _rewrites.Dispose();

    private async Task<IReadOnlyList<DataFile>> WriteAsync(LoadJob job, IcebergTable stored, CancellationToken cancellationToken)
    {
        var file = new ParquetFile(job.FilePath);
        if (file.Rows == 0) return [];
        var schema = AsInFile(stored.Metadata.CurrentSchema, job.Table);
        var copy = Path.Combine(Path.GetTempPath(), $"dlt-{Guid.NewGuid():N}.parquet");
        try
        {
            file.WriteWithIds(copy, schema);
            if (IsWrittenByRows(stored) || file.HasOtherUnits(schema))
                return await WriteRowsAsync(job, stored, copy, cancellationToken).ConfigureAwait(false);
            var metadata = stored.Metadata;
            var location = DataLocations.Of(metadata, metadata.DefaultSpecId, [], StagedName.WholeFile(job));
            await stored.Files.UploadAsync(location, copy, cancellationToken).ConfigureAwait(false);
            ImmutableArray<object?> partition = [.. metadata.DefaultSpec.Fields.Select(object? (_) => null)];
            var described = file.Describe(
                location, new FileInfo(copy).Length, schema, metadata, metadata.DefaultSpecId, partition);
            return [new MetricsConfig(metadata).Applied(described, metadata.CurrentSchema)];
        }
        finally
        {
            File.Delete(copy);
        }
    }

    private static bool IsWrittenByRows(IcebergTable table) =>
        !table.Metadata.DefaultSpec.IsUnpartitioned || table.Metadata.DefaultSortOrderId != SortOrder.Unsorted.OrderId;

    private async Task<IReadOnlyList<DataFile>> WriteRowsAsync(
        LoadJob job, IcebergTable table, string copy, CancellationToken cancellationToken)
    {
        await _rewrites.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            var writer = new DataFileWriter(table, StagedName.Of(job));
            await using (writer.ConfigureAwait(false))
            {
                using var stream = File.OpenRead(copy);
                await foreach (var batch in new ParquetDataFileReader()
                    .ReadAsync(stream, new(job.FilePath, table.Metadata.CurrentSchema), cancellationToken).ConfigureAwait(false))
                    foreach (var row in batch.Rows) await writer.AddAsync(row, cancellationToken).ConfigureAwait(false);
                return await writer.CompleteAsync(cancellationToken).ConfigureAwait(false);
            }
        }
        finally
        {
            _rewrites.Release();
        }
    }

    /// <summary>
    /// The table's columns under the names that the file has: naming conventions may keep the case, which the catalog folds.
    /// </summary>
    private static Dlt.Iceberg.Schema AsInFile(Dlt.Iceberg.Schema schema, TableSchema table)
    {
        var names = table.CompleteColumns.ToDictionary(c => c.Name, c => LoadJob.ColumnName(c.Name), StringComparer.OrdinalIgnoreCase);
        if (schema.Fields.All(f => !names.TryGetValue(f.Name, out var name) || name == f.Name)) return schema;
        return new Dlt.Iceberg.Schema(
            [.. schema.Fields.Select(f => names.TryGetValue(f.Name, out var name) ? f with { Name = name } : f)], schema.SchemaId);
    }
}
