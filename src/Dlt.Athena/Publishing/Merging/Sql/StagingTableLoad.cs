using Dlt.Destinations.Staging;

namespace Dlt.Destinations.Publishing.Merging;

/// <summary>Stages the jobs of a table that Athena merges: their files go, as they are, to the staging dataset.</summary>
/// <param name="folder">The files of the staging dataset.</param>
internal sealed class StagingTableLoad(StagingFolder folder) : IJobStaging
{
    public async Task<ReadOnlyMemory<byte>> StageAsync(LoadJob job, CancellationToken cancellationToken)
    {
        await folder.Files.UploadAsync(folder.KeyOf(job), job.FilePath, cancellationToken).ConfigureAwait(false);
        return folder.FileOf(job).ToReceipt();
    }

    public Task<bool> IsStagedAsync(LoadJob job, CancellationToken cancellationToken)
    {
        // A load that was staged for a commit of the loader has other receipts.
        if (job.FilePath.Length == 0 && !StagedFile.IsReceipt(job.Receipt)) return Task.FromResult(false);
        var file = folder.FileOf(job);
        return folder.Files.IsUploadedAsync(file.Location, file.Size, cancellationToken);
    }
}
