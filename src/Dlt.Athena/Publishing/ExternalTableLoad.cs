using Dlt.Destinations.Staging;
using Dlt.Storage;

namespace Dlt.Destinations.Publishing;

/// <summary>An external table of a load. The table consists of the files in its folder, so a staged file is visible at once.</summary>
/// <param name="name">The table.</param>
/// <param name="files">Uploads, moves and removes the files of the load.</param>
/// <param name="folder">Folder of the table, with those of its swaps.</param>
internal sealed class ExternalTableLoad(string name, LoadFiles files, ObjectLocation folder) : ITableLoad
{
    /// <summary>Uploads the file, unless a later load has already replaced the table and would remove it at once.</summary>
    public async Task<ReadOnlyMemory<byte>> StageAsync(LoadJob job, CancellationToken cancellationToken)
    {
        if (!files.IsSuperseded(name))
            await files.UploadAsync(files.KeyOf(job), job.FilePath, cancellationToken).ConfigureAwait(false);
        return default;
    }

    public Task<bool> IsStagedAsync(LoadJob job, CancellationToken cancellationToken)
    {
        if (job.FilePath.Length > 0)
            return files.IsUploadedAsync(name, files.KeyOf(job), new FileInfo(job.FilePath).Length, cancellationToken);
        var staged = StagedFile.Of(job, files.KeyOf);
        return files.IsUploadedAsync(name, staged.Location, staged.Size, cancellationToken);
    }

    public async Task<long?> AppendAsync(IReadOnlyCollection<LoadJob> jobs, CancellationToken cancellationToken)
    {
        await files.FollowAsync(name, cancellationToken).ConfigureAwait(false);
        return await RowsAsync(jobs, cancellationToken).ConfigureAwait(false);
    }

    public async Task<long?> ReplaceAsync(IReadOnlyCollection<LoadJob> jobs, CancellationToken cancellationToken)
    {
        await files.ReplaceAsync(name, cancellationToken).ConfigureAwait(false);
        return await RowsAsync(jobs, cancellationToken).ConfigureAwait(false);
    }

    public Task TruncateAsync(CancellationToken cancellationToken) => files.TruncateAsync(name, folder, cancellationToken);

    private Task<long?> RowsAsync(IReadOnlyCollection<LoadJob> jobs, CancellationToken cancellationToken) =>
        files.RowsAsync(name, jobs.Select(j => StagedFile.Of(j, files.KeyOf)), cancellationToken);
}
