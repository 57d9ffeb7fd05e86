using System.Buffers.Text;
using System.Globalization;
using System.Text;
using Dlt.Destinations.Staging;
using Dlt.Destinations.Tables;
using Dlt.Iceberg;

namespace Dlt.Destinations.Publishing;

/// <summary>
/// An external table with partitions. The file of a job becomes a file per partition, in the folder of the partition; the receipt of the
/// job is the number of its rows.
/// </summary>
/// <param name="name">The table.</param>
/// <param name="files">Uploads and removes the files of the load.</param>
/// <param name="registry">Determines the locations of files.</param>
/// <param name="partitions">Partitions of the load's files.</param>
internal sealed class PartitionedTableLoad(string name, LoadFiles files, LoadRegistry registry, PartitionedJobs partitions) : ITableLoad
{
    /// <summary>Uploads the files, unless a later load has already replaced the table and would remove them at once.</summary>
    public async Task<ReadOnlyMemory<byte>> StageAsync(LoadJob job, CancellationToken cancellationToken)
    {
        if (!files.IsSuperseded(name))
        {
            var split = new PartitionedFile(job, partitions.KeysOf(name)).SplitAsync(PartitionsOf(job), cancellationToken);
            await foreach (var (partition, path) in split.ConfigureAwait(false))
                await files.UploadAsync(registry.KeyOf(job, partition), path, cancellationToken).ConfigureAwait(false);
        }

        return Encoding.UTF8.GetBytes(new ParquetFile(job.FilePath).Rows.ToString(CultureInfo.InvariantCulture));
    }

    public async Task<bool> IsStagedAsync(LoadJob job, CancellationToken cancellationToken)
    {
        if (job.Receipt.IsEmpty) return false;
        foreach (var partition in PartitionsOf(job))
        {
            if (!await files.ExistsAsync(registry.KeyOf(job, partition), cancellationToken).ConfigureAwait(false)) return false;
        }

        return true;
    }

    public Task<long?> AppendAsync(IReadOnlyCollection<LoadJob> jobs, CancellationToken cancellationToken) =>
        Task.FromResult(files.IsLoaded(name) ? jobs.Sum(RowsOf) : (long?)null);

    public async Task<long?> ReplaceAsync(IReadOnlyCollection<LoadJob> jobs, CancellationToken cancellationToken)
    {
        await files.ReplaceAsync(name, cancellationToken).ConfigureAwait(false);
        return await AppendAsync(jobs, cancellationToken).ConfigureAwait(false);
    }

    public Task TruncateAsync(CancellationToken cancellationToken) =>
        files.TruncateAsync(name, registry.FolderOf(name), cancellationToken);

    private IReadOnlyList<HivePartition> PartitionsOf(LoadJob job) => partitions.Of(job) ?? [];

    private static long RowsOf(LoadJob job) => Utf8Parser.TryParse(job.Receipt.Span, out long rows, out _) ? rows : 0;
}
