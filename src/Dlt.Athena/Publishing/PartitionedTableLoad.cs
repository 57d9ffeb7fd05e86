using System.Collections.Concurrent;
using Dlt.Destinations.Staging;
using Dlt.Destinations.Tables;
using Dlt.Iceberg;
using Dlt.Storage;

namespace Dlt.Destinations.Publishing;

/// <summary>
/// An external table with partitions. The file of a job becomes a file per partition, in the folder of the partition; the receipt of the
/// job lists them.
/// </summary>
/// <param name="name">The table.</param>
/// <param name="files">Uploads, moves and removes the files of the load.</param>
/// <param name="folder">Folder of the table, with those of its swaps.</param>
/// <param name="partitions">Partitions of the load's files.</param>
/// <param name="listed">Lists partitions in Glue, for tables that have them there.</param>
/// <param name="rewrites">Limits the jobs that are divided at the same time.</param>
internal sealed class PartitionedTableLoad(
    string name, LoadFiles files, ObjectLocation folder, PartitionedJobs partitions, IListedPartitions listed, RewriteLimit rewrites)
    : ITableLoad
{
    /// <summary>Files of one job that are uploaded at the same time, while the next one is written.</summary>
    private const int MaxUploads = 8;

    /// <summary>Uploads the files, unless a later load has already replaced the table and would remove them at once.</summary>
    public async Task<ReadOnlyMemory<byte>> StageAsync(LoadJob job, CancellationToken cancellationToken)
    {
        var staged = new ConcurrentBag<StagedFile>();
        if (!files.IsSuperseded(name))
        {
            using var slot = await rewrites.EnterAsync(cancellationToken).ConfigureAwait(false);
            var parts = new PartitionedFile(job, partitions.KeysOf(name), partitions.IsInGlue(name))
                .SplitAsync(PartitionsOf(job), cancellationToken);
            var options = new ParallelOptions { MaxDegreeOfParallelism = MaxUploads, CancellationToken = cancellationToken };
            await Parallel.ForEachAsync(
                parts, options, async (part, token) => staged.Add(await UploadAsync(job, part, token).ConfigureAwait(false)))
                .ConfigureAwait(false);
        }

        return StagedPartitions.ToReceipt(staged.OrderBy(f => f.Location.Key, StringComparer.Ordinal));
    }

    public async Task<bool> IsStagedAsync(LoadJob job, CancellationToken cancellationToken)
    {
        var staged = StagedPartitions.Of(job);
        var isOfKeys = job.FilePath.Length == 0
            || staged.Select(f => f.Location).ToHashSet().SetEquals(PartitionsOf(job).Select(p => files.KeyOf(job, p)));
        if (job.Receipt.IsEmpty || !isOfKeys) return false;
        foreach (var file in staged)
            if (!await files.IsUploadedAsync(name, file.Location, file.Size, cancellationToken).ConfigureAwait(false)) return false;
        return true;
    }

    public async Task<long?> AppendAsync(IReadOnlyCollection<LoadJob> jobs, CancellationToken cancellationToken)
    {
        await files.FollowAsync(name, cancellationToken).ConfigureAwait(false);
        List<StagedFile> staged = [.. jobs.SelectMany(j => StagedPartitions.Of(j))];
        await listed.AddAsync(name, [.. staged.Select(f => files.At(name, f.Location))], cancellationToken).ConfigureAwait(false);
        return await files.RowsAsync(name, staged, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Adds partitions before the old files go, so a reader never finds the table empty.</summary>
    public async Task<long?> ReplaceAsync(IReadOnlyCollection<LoadJob> jobs, CancellationToken cancellationToken)
    {
        if (!files.IsSwapped(name)) await AppendAsync(jobs, cancellationToken).ConfigureAwait(false);
        await files.ReplaceAsync(name, cancellationToken).ConfigureAwait(false);
        await listed.MatchAsync(name, cancellationToken).ConfigureAwait(false);
        return await files.RowsAsync(name, jobs.SelectMany(j => StagedPartitions.Of(j)), cancellationToken).ConfigureAwait(false);
    }

    public async Task TruncateAsync(CancellationToken cancellationToken)
    {
        await files.TruncateAsync(name, folder, cancellationToken).ConfigureAwait(false);
        await listed.MatchAsync(name, cancellationToken).ConfigureAwait(false);
    }

    private async Task<StagedFile> UploadAsync(LoadJob job, PartitionPart part, CancellationToken cancellationToken)
    {
        try
        {
            var rows = new ParquetFile(part.Path).Rows;
            var file = new StagedFile(files.KeyOf(job, part.Partition), new FileInfo(part.Path).Length, rows);
            await files.UploadAsync(file.Location, part.Path, cancellationToken).ConfigureAwait(false);
            return file;
        }
        finally
        {
            if (part.IsTemporary) File.Delete(part.Path);
        }
    }

    private IReadOnlyList<HivePartition> PartitionsOf(LoadJob job) => partitions.Of(job) ?? [];
}
