using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Dlt.Destinations.Tables;
using ParquetSharp;
using ParquetSharp.Arrow;

namespace Dlt.Destinations.Staging;

/// <summary>The rows of one partition of a job.</summary>
/// <param name="Partition">The partition.</param>
/// <param name="Path">Path of the Parquet file with the rows.</param>
/// <param name="IsTemporary">True when the receiver deletes the file; false for the file of the job.</param>
internal sealed record PartitionPart(HivePartition Partition, string Path, bool IsTemporary);

/// <summary>A Parquet file whose rows belong to partitions of an external table.</summary>
/// <param name="job">The job of the file.</param>
/// <param name="keys">Partition keys of the table.</param>
/// <param name="isInGlue">True when Glue lists the partitions of the table.</param>
internal sealed class PartitionedFile(LoadJob job, ImmutableArray<HivePartitionKey> keys, bool isInGlue)
{
    /// <summary>Reads the partitions of the rows, in the order in which they first appear.</summary>
    /// <exception cref="SchemaException">A row has no partition.</exception>
    public async Task<IReadOnlyList<HivePartition>> PartitionsAsync(CancellationToken cancellationToken)
    {
        var rows = new PartitionRows(job.Table.Name, keys, isInGlue);
        using var reader = new FileReader(job.FilePath);
        using var batches = reader.GetRecordBatchReader(columns: KeyColumns(reader));
        while (await batches.ReadNextRecordBatchAsync(cancellationToken).ConfigureAwait(false) is { } batch)
            using (batch) rows.Of(batch);
        return rows.Found;
    }

    /// <summary>Writes the rows of each partition to a separate file, one after another.</summary>
    /// <param name="partitions">The partitions of the file.</param>
    /// <param name="cancellationToken">Stops; files that were returned stay.</param>
    public async IAsyncEnumerable<PartitionPart> SplitAsync(
        IReadOnlyList<HivePartition> partitions, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (partitions is [var whole])
        {
            yield return new(whole, job.FilePath, IsTemporary: false);
            yield break;
        }

        Directory.CreateDirectory(job.TemporaryFolder);
        using var reader = new FileReader(job.FilePath);
        using var buffer = new PartitionBuffer(job.TemporaryFolder);
        await FillAsync(buffer, reader, cancellationToken).ConfigureAwait(false);
        using var builder = new WriterPropertiesBuilder().Compression(Compression.Zstd);
        using var properties = builder.Build();
        foreach (var partition in partitions)
        {
            var path = Path.Combine(job.TemporaryFolder, $"dlt-{Guid.NewGuid():N}.parquet");
            using (var writer = new FileWriter(path, reader.Schema, properties))
            {
                await foreach (var rows in buffer.ReadAsync(partition.Folder, cancellationToken).ConfigureAwait(false))
                    writer.WriteBufferedRecordBatch(rows);
                writer.Close();
            }

            yield return new(partition, path, IsTemporary: true);
        }
    }

    private async Task FillAsync(PartitionBuffer buffer, FileReader reader, CancellationToken cancellationToken)
    {
        var divided = new PartitionRows(job.Table.Name, keys, isInGlue);
        var gather = new RowGather();
        using var batches = reader.GetRecordBatchReader();
        while (await batches.ReadNextRecordBatchAsync(cancellationToken).ConfigureAwait(false) is { } batch)
        {
            using (batch)
            {
                foreach (var (folder, rows) in divided.Of(batch))
                    await buffer.AddAsync(folder, gather.Take(batch, rows), cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private int[] KeyColumns(FileReader reader)
    {
        var names = keys.Select(k => LoadJob.ColumnName(k.Source.Name)).ToHashSet(StringComparer.Ordinal);
        using var parquet = reader.ParquetReader;
        var schema = parquet.FileMetaData.Schema;
        return [.. Enumerable.Range(0, schema.NumColumns).Where(i => names.Contains(schema.Column(i).Path.ToDotVector()[0]))];
    }
}
