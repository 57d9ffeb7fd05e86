using Dlt.Destinations.Staging;

namespace Dlt.Destinations.Publishing;

/// <summary>An external table of a load. The table consists of the files in its folder, so a staged file is visible at once.</summary>
/// <param name="name">The table.</param>
/// <param name="files">Uploads and removes the files of the load.</param>
/// <param name="registry">Determines the locations of files.</param>
internal sealed class ExternalTableLoad(string name, LoadFiles files, LoadRegistry registry) : ITableLoad
{
    /// <summary>Uploads the file, unless a later load has already replaced the table and would remove it at once.</summary>
    public async Task<ReadOnlyMemory<byte>> StageAsync(LoadJob job, CancellationToken cancellationToken)
    {
        if (!files.IsSuperseded(name))
            await files.UploadAsync(registry.KeyOf(job), job.FilePath, cancellationToken).ConfigureAwait(false);
        return default;
    }

    public Task<bool> IsStagedAsync(LoadJob job, CancellationToken cancellationToken)
    {
        if (job.FilePath.Length > 0)
            return files.IsUploadedAsync(registry.KeyOf(job), new FileInfo(job.FilePath).Length, cancellationToken);
        var staged = StagedFile.Of(job, registry.KeyOf);
        return files.IsUploadedAsync(staged.Location, staged.Size, cancellationToken);
    }

    public Task<long?> AppendAsync(IReadOnlyCollection<LoadJob> jobs, CancellationToken cancellationToken) =>
        files.RowsAsync(name, jobs.Select(j => StagedFile.Of(j, registry.KeyOf)), cancellationToken);

    public async Task<long?> ReplaceAsync(IReadOnlyCollection<LoadJob> jobs, CancellationToken cancellationToken)
    {
        await files.ReplaceAsync(name, cancellationToken).ConfigureAwait(false);
        return await AppendAsync(jobs, cancellationToken).ConfigureAwait(false);
    }

    public Task TruncateAsync(CancellationToken cancellationToken) =>
        files.TruncateAsync(name, registry.FolderOf(name), cancellationToken);
}
