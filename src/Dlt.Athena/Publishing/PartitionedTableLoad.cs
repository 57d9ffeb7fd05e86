using Dlt.Destinations.Staging;
using Dlt.Destinations.Tables;
using Dlt.Iceberg;

namespace Dlt.Destinations.Publishing;

/// <summary>
/// An external table with partitions. The file of a job becomes a file per partition, in the folder of the partition; the receipt of the
/// job lists them.
/// </summary>
/// <param name="name">The table.</param>
/// <param name="files">Uploads and removes the files of the load.</param>
/// <param name="registry">Determines the locations of files.</param>
/// <param name="partitions">Partitions of the load's files.</param>
/// <param name="listed">Lists partitions in Glue, for tables that have them there.</param>
internal sealed class PartitionedTableLoad(
    string name, LoadFiles files, LoadRegistry registry, PartitionedJobs partitions, GluePartitions listed) : ITableLoad
{
    /// <summary>Uploads the files, unless a later load has already replaced the table and would remove them at once.</summary>
    public async Task<ReadOnlyMemory<byte>> StageAsync(LoadJob job, CancellationToken cancellationToken)
    {
        var staged = new List<StagedFile>();
        if (!files.IsSuperseded(name))
        {
            var split = new PartitionedFile(job, partitions.KeysOf(name), partitions.IsInGlue(name))
                .SplitAsync(PartitionsOf(job), cancellationToken);
            await foreach (var (partition, path) in split.ConfigureAwait(false))
            {
                var file = new StagedFile(registry.KeyOf(job, partition), new FileInfo(path).Length, new ParquetFile(path).Rows);
                await files.UploadAsync(file.Location, path, cancellationToken).ConfigureAwait(false);
                staged.Add(file);
            }
        }

        return StagedPartitions.ToReceipt(staged);
    }

    public async Task<bool> IsStagedAsync(LoadJob job, CancellationToken cancellationToken)
    {
        var staged = StagedPartitions.Of(job);
        var isOfKeys = job.FilePath.Length == 0
            || staged.Select(f => f.Location).ToHashSet().SetEquals(PartitionsOf(job).Select(p => registry.KeyOf(job, p)));
        if (job.Receipt.IsEmpty || !isOfKeys) return false;
        foreach (var file in staged)
            if (!await files.IsUploadedAsync(file.Location, file.Size, cancellationToken).ConfigureAwait(false)) return false;
        return true;
    }

    public async Task<long?> AppendAsync(IReadOnlyCollection<LoadJob> jobs, CancellationToken cancellationToken)
    {
        List<StagedFile> staged = [.. jobs.SelectMany(j => StagedPartitions.Of(j))];
        await listed.AddAsync(name, [.. staged.Select(f => f.Location)], cancellationToken).ConfigureAwait(false);
        return await files.RowsAsync(name, staged, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Adds partitions before the old files go, so a reader never finds the table empty.</summary>
    public async Task<long?> ReplaceAsync(IReadOnlyCollection<LoadJob> jobs, CancellationToken cancellationToken)
    {
        await AppendAsync(jobs, cancellationToken).ConfigureAwait(false);
        await files.ReplaceAsync(name, cancellationToken).ConfigureAwait(false);
        await listed.MatchAsync(name, cancellationToken).ConfigureAwait(false);
        return await files.RowsAsync(name, jobs.SelectMany(j => StagedPartitions.Of(j)), cancellationToken).ConfigureAwait(false);
    }

    public async Task TruncateAsync(CancellationToken cancellationToken)
    {
        await files.TruncateAsync(name, registry.FolderOf(name), cancellationToken).ConfigureAwait(false);
        await listed.MatchAsync(name, cancellationToken).ConfigureAwait(false);
    }

    private IReadOnlyList<HivePartition> PartitionsOf(LoadJob job) => partitions.Of(job) ?? [];
}
