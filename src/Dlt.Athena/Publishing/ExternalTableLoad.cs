namespace Dlt.Destinations.Publishing;

/// <summary>An external table of a load: it is the files in its folder, so a staged file can be read at once.</summary>
/// <param name="name">The table.</param>
/// <param name="files">The files of the load.</param>
/// <param name="publisher">Says where files go.</param>
internal sealed class ExternalTableLoad(string name, LoadPublishing files, LoadPublisher publisher) : ITableLoad
{
    /// <summary>Uploads the file, unless a later load has replaced the table already: its rows would go at once.</summary>
    public async Task<ReadOnlyMemory<byte>> StageAsync(LoadJob job, CancellationToken cancellationToken)
    {
        if (!files.IsSuperseded(name))
            await files.UploadAsync(publisher.KeyOf(job), job.FilePath, cancellationToken).ConfigureAwait(false);
        return default;
    }

    public Task<bool> IsStagedAsync(LoadJob job, CancellationToken cancellationToken) =>
        files.IsThereAsync(publisher.KeyOf(job), job.FilePath, cancellationToken);

    public Task<long?> AppendAsync(IReadOnlyCollection<LoadJob> jobs, CancellationToken cancellationToken) =>
        files.RowsAsync(name, jobs.Select(j => (publisher.KeyOf(j), j.FilePath)), cancellationToken);

    public async Task<long?> ReplaceAsync(IReadOnlyCollection<LoadJob> jobs, CancellationToken cancellationToken)
    {
        await files.ReplaceAsync(name, cancellationToken).ConfigureAwait(false);
        return await AppendAsync(jobs, cancellationToken).ConfigureAwait(false);
    }

    public Task TruncateAsync(CancellationToken cancellationToken) =>
        files.TruncateAsync(name, publisher.FolderOf(name), cancellationToken);
}
