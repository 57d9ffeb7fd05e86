using System.Collections.Immutable;
using Dlt.Destinations.Tables;
using Dlt.Iceberg;
using Dlt.Parquet.Reading;
using Dlt.Schemas;
using IcebergTable = Dlt.Iceberg.Table;

namespace Dlt.Destinations.Staging;

/// <summary>
/// Writes the files of jobs as data files into the folders of Iceberg tables. They become part of a table when a commit adds them. Safe for
/// concurrent use.
/// </summary>
internal sealed class IcebergStaging : IDisposable
{
    /// <summary>Limits the jobs that are written again at the same time, those of external tables included.</summary>
    public RewriteLimit Rewrites { get; } = new();

    /// <summary>
    /// Stages the file of a job. The file is copied with field ids added; it is rewritten row by row if the table has partitions or a sort
    /// order, if its times have other units than Iceberg's, or if the table wants Bloom filters or longer bounds of texts than the file
    /// has.
    /// </summary>
    /// <param name="job">The job.</param>
    /// <param name="stored">The table to write for.</param>
    /// <param name="removal">Id of the snapshot that removed the rows of the load last; null if none did.</param>
    /// <param name="order">What a merge asks about the order of the rows; null when their order does not matter.</param>
    /// <param name="cancellationToken">Stops; files written so far are not part of the table.</param>
    /// <returns>The receipt of the job (<see cref="StagedManifest"/>).</returns>
    /// <exception cref="SchemaException">Athena could not read the data files that the table wants.</exception>
    public async Task<ReadOnlyMemory<byte>> StageAsync(
        LoadJob job, IcebergTable stored, long? removal, ArrivalOrder? order, CancellationToken cancellationToken)
    {
        ReadableTable.Check(job.Table, stored.Metadata.Properties);
        var files = await WriteAsync(job, stored, removal, order, cancellationToken).ConfigureAwait(false);
        return StagedManifest.Write(stored.Metadata, files);
    }

    /// <summary>
    /// True when all data files of a job's receipt exist, fit the current version of the table and were not removed from it.
    /// </summary>
    /// <param name="job">The job with its receipt.</param>
    /// <param name="stored">The table.</param>
    /// <param name="allowsNewerColumns">As for <see cref="StagedManifest.TryRead"/>.</param>
    /// <param name="removal">Id of the snapshot that removed the rows of the load last; null if none did.</param>
    /// <param name="cancellationToken">Stops the look-up.</param>
    public static async Task<bool> IsStagedAsync(
        LoadJob job, IcebergTable stored, bool allowsNewerColumns, long? removal, CancellationToken cancellationToken)
    {
        if (StagedManifest.TryRead(job.Receipt, stored.Metadata, allowsNewerColumns) is not { } files) return false;
        var names = removal is null ? null : ImmutableHashSet.Create(StagedName.Of(job, removal));
        foreach (var file in files)
        {
            if (names is not null && !StagedName.IsIn(file.FilePath, names)) return false;
            if (!await stored.Files.ExistsAsync(file.FilePath, cancellationToken).ConfigureAwait(false)) return false;
        }

        return true;
    }

    /// <inheritdoc/>
    public void Dispose() => Rewrites.Dispose();

    private async Task<IReadOnlyList<DataFile>> WriteAsync(
        LoadJob job, IcebergTable stored, long? removal, ArrivalOrder? order, CancellationToken cancellationToken)
    {
        var file = new ParquetFile(job.FilePath);
        if (file.Rows == 0) return [];
        var schema = AsInFile(stored.Metadata.CurrentSchema, job.Table);
        Directory.CreateDirectory(job.TemporaryFolder);
        var copy = Path.Combine(job.TemporaryFolder, $"dlt-{Guid.NewGuid():N}.parquet");
        try
        {
            file.WriteWithIds(copy, schema);
            var metadata = stored.Metadata;
            var metrics = new MetricsConfig(metadata);
            if (IsWrittenByRows(metadata) || file.HasOtherUnits(schema) || file.HasShortBounds(schema, metrics))
                return await WriteRowsAsync(job, stored, removal, order, copy, cancellationToken).ConfigureAwait(false);
            var location = DataLocations.Of(metadata, metadata.DefaultSpecId, [], StagedName.WholeFile(job, removal));
            await stored.Files.UploadAsync(location, copy, cancellationToken).ConfigureAwait(false);
            ImmutableArray<object?> partition = [.. metadata.DefaultSpec.Fields.Select(object? (_) => null)];
            var described = file.Describe(
                location, new FileInfo(copy).Length, schema, metadata, metadata.DefaultSpecId, partition);
            return [metrics.Applied(described, metadata.CurrentSchema)];
        }
        finally
        {
            File.Delete(copy);
        }
    }

    private static bool IsWrittenByRows(TableMetadata metadata) =>
        !metadata.DefaultSpec.IsUnpartitioned || metadata.DefaultSortOrderId != SortOrder.Unsorted.OrderId
            || !BloomFilterConfig.Of(metadata).IsEmpty;

    private async Task<IReadOnlyList<DataFile>> WriteRowsAsync(
        LoadJob job, IcebergTable table, long? removal, ArrivalOrder? order, string copy, CancellationToken cancellationToken)
    {
        using var slot = await Rewrites.EnterAsync(cancellationToken).ConfigureAwait(false);
        var rounds = await ArrivalRounds.ReadAsync(copy, job, table, order, cancellationToken).ConfigureAwait(false);
        var writer = new DataFileWriter(table, StagedName.Of(job, removal), job.TemporaryFolder);
        await using (writer.ConfigureAwait(false))
        {
            for (var round = 0; round < rounds.Count; round++)
            {
                if (round > 0) await writer.CloseFilesAsync(cancellationToken).ConfigureAwait(false);
                var number = 0;
                using var stream = File.OpenRead(copy);
                await foreach (var batch in new ParquetDataFileReader()
                    .ReadAsync(stream, new(job.FilePath, table.Metadata.CurrentSchema), cancellationToken).ConfigureAwait(false))
                    foreach (var row in batch.Rows)
                        if (rounds.IsIn(number++, round)) await writer.AddAsync(row, cancellationToken).ConfigureAwait(false);
            }

            return await writer.CompleteAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>
    /// The table's schema with the column names of the file: naming conventions may keep the case, which the catalog folds.
    /// </summary>
    private static Dlt.Iceberg.Schema AsInFile(Dlt.Iceberg.Schema schema, TableSchema table)
    {
        var names = table.CompleteColumns.ToDictionary(c => c.Name, c => LoadJob.ColumnName(c.Name), StringComparer.OrdinalIgnoreCase);
        if (schema.Fields.All(f => !names.TryGetValue(f.Name, out var name) || name == f.Name)) return schema;
        var fields = schema.Fields.Select(f => names.TryGetValue(f.Name, out var name) ? f with { Name = name } : f);
        return new Dlt.Iceberg.Schema([.. fields], schema.SchemaId);
    }
}
