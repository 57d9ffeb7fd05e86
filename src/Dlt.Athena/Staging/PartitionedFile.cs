using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Apache.Arrow;
using Dlt.Destinations.Tables;
using ParquetSharp;
using ParquetSharp.Arrow;

namespace Dlt.Destinations.Staging;

/// <summary>A Parquet file whose rows belong to partitions of an external table.</summary>
/// <param name="job">The job of the file.</param>
/// <param name="keys">Partition keys of the table.</param>
/// <param name="isInGlue">True when Glue lists the partitions of the table.</param>
internal sealed class PartitionedFile(LoadJob job, ImmutableArray<HivePartitionKey> keys, bool isInGlue)
{
    /// <summary>Files that are written at the same time; for more partitions the job's file is read again.</summary>
    private const int MaxOpenFiles = 64;

    /// <summary>Reads the partitions of the rows, in the order in which they first appear.</summary>
    /// <exception cref="SchemaException">A row has no partition.</exception>
    public async Task<IReadOnlyList<HivePartition>> PartitionsAsync(CancellationToken cancellationToken)
    {
        var found = new Dictionary<string, HivePartition>(StringComparer.Ordinal);
        using var reader = new FileReader(job.FilePath);
        using var batches = reader.GetRecordBatchReader(columns: KeyColumns(reader));
        while (await batches.ReadNextRecordBatchAsync(cancellationToken).ConfigureAwait(false) is { } batch)
            using (batch) _ = RowsOf(batch, found);
        return [.. found.Values];
    }

    /// <summary>Writes the rows of each partition to a file of its own.</summary>
    /// <param name="partitions">The partitions of the file.</param>
    /// <param name="cancellationToken">Stops; files written so far are deleted.</param>
    /// <returns>Each partition with the path of its file, which is deleted when the next ones are asked for.</returns>
    public async IAsyncEnumerable<(HivePartition Partition, string Path)> SplitAsync(
        IReadOnlyList<HivePartition> partitions, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (partitions is [var whole])
        {
            yield return (whole, job.FilePath);
            yield break;
        }

        Directory.CreateDirectory(job.TemporaryFolder);
        foreach (var some in partitions.Chunk(MaxOpenFiles))
        {
            var files = some.ToDictionary(
                p => p.Folder, _ => Path.Combine(job.TemporaryFolder, $"dlt-{Guid.NewGuid():N}.parquet"), StringComparer.Ordinal);
            try
            {
                await WriteAsync(files, cancellationToken).ConfigureAwait(false);
                foreach (var partition in some) yield return (partition, files[partition.Folder]);
            }
            finally
            {
                foreach (var file in files.Values) File.Delete(file);
            }
        }
    }

    private async Task WriteAsync(Dictionary<string, string> files, CancellationToken cancellationToken)
    {
        using var reader = new FileReader(job.FilePath);
        using var builder = new WriterPropertiesBuilder().Compression(Compression.Zstd);
        using var properties = builder.Build();
        var writers = new Dictionary<string, FileWriter>(StringComparer.Ordinal);
        try
        {
            foreach (var (folder, path) in files) writers[folder] = new(path, reader.Schema, properties);
            var found = new Dictionary<string, HivePartition>(StringComparer.Ordinal);
            using var batches = reader.GetRecordBatchReader();
            while (await batches.ReadNextRecordBatchAsync(cancellationToken).ConfigureAwait(false) is { } batch)
            {
                using (batch)
                {
                    foreach (var (folder, rows) in RowsOf(batch, found))
                    {
                        if (!writers.TryGetValue(folder, out var writer)) continue;
                        writer.WriteBufferedRecordBatch(rows.Count == batch.Length ? batch : Take(batch, rows));
                    }
                }
            }

            foreach (var writer in writers.Values) writer.Close();
        }
        finally
        {
            foreach (var writer in writers.Values) writer.Dispose();
        }
    }

    /// <summary>The numbers of a batch's rows by the folder of their partition.</summary>
    private Dictionary<string, List<int>> RowsOf(RecordBatch batch, Dictionary<string, HivePartition> found)
    {
        var texts = keys.Select(k => PartitionTexts.Of(k, ColumnOf(batch, k))).ToList();
        var known = new Dictionary<string, List<int>>(StringComparer.Ordinal);
        var byFolder = new Dictionary<string, List<int>>(StringComparer.Ordinal);
        var values = new string?[keys.Length];
        for (var row = 0; row < batch.Length; row++)
        {
            for (var i = 0; i < values.Length; i++) values[i] = texts[i](row);
            var id = values.Length == 1 && values[0] is { } one ? one : string.Join('\0', values);
            if (!known.TryGetValue(id, out var rows))
            {
                var partition = HivePartition.Of(job.Table.Name, keys, values, isInGlue);
                found.TryAdd(partition.Folder, partition);
                known[id] = byFolder[partition.Folder] = rows = [];
            }

            rows.Add(row);
        }

        return byFolder;
    }

    /// <summary>A batch of these rows, whose numbers ascend.</summary>
    private static RecordBatch Take(RecordBatch batch, List<int> rows)
    {
        var runs = new List<(int Start, int Length)>();
        foreach (var row in rows)
        {
            if (runs is [.., var last] && last.Start + last.Length == row) runs[^1] = (last.Start, last.Length + 1);
            else runs.Add((row, 1));
        }

        var columns = batch.Arrays.Select(column =>
            ArrowArrayConcatenator.Concatenate([.. runs.Select(r => ArrowArrayFactory.Slice(column, r.Start, r.Length))]));
        return new(batch.Schema, columns, rows.Count);
    }

    private static IArrowArray? ColumnOf(RecordBatch batch, HivePartitionKey key) =>
        batch.Schema.GetFieldIndex(LoadJob.ColumnName(key.Source.Name)) is var at and >= 0 ? batch.Column(at) : null;

    private int[] KeyColumns(FileReader reader)
    {
        var names = keys.Select(k => LoadJob.ColumnName(k.Source.Name)).ToHashSet(StringComparer.Ordinal);
        using var parquet = reader.ParquetReader;
        var schema = parquet.FileMetaData.Schema;
        return [.. Enumerable.Range(0, schema.NumColumns).Where(i => names.Contains(schema.Column(i).Path.ToDotVector()[0]))];
    }
}
