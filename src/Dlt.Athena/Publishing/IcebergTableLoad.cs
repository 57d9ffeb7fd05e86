using Dlt.Destinations.Iceberg;
using Dlt.Destinations.Staging;
using Dlt.Iceberg;
using Dlt.Schemas;
using IcebergTable = Dlt.Iceberg.Table;

namespace Dlt.Destinations.Publishing;

/// <summary>An Iceberg table of a load: staged data files are not part of it before a commit names them.</summary>
/// <param name="table">The table in the schema.</param>
/// <param name="load">The load; it knows the table as it was prepared.</param>
/// <param name="publisher">Commits.</param>
/// <param name="staging">Writes data files.</param>
internal sealed class IcebergTableLoad(TableSchema table, BegunLoad load, IcebergPublisher publisher, IcebergStaging staging) : ITableLoad
{
    private IcebergTable Stored =>
        load.Found.IcebergOf(table.Name) ?? throw new InvalidOperationException($"Table '{table.Name}' was not prepared.");

    /// <summary>Stages the file, unless the rows are in the table: its data files must not change any more.</summary>
    public async Task<ReadOnlyMemory<byte>> StageAsync(LoadJob job, CancellationToken cancellationToken) =>
        publisher.HasData(Stored) ? job.Receipt : await staging.StageAsync(job, Stored, cancellationToken).ConfigureAwait(false);

    public async Task<bool> IsStagedAsync(LoadJob job, CancellationToken cancellationToken) =>
        publisher.HasData(Stored) || await IcebergStaging.IsStagedAsync(job, Stored, cancellationToken).ConfigureAwait(false);

    public Task<long?> AppendAsync(IReadOnlyCollection<LoadJob> jobs, CancellationToken cancellationToken) =>
        publisher.AppendAsync(table, Stored, () => FilesOf(jobs), cancellationToken);

    public Task<long?> ReplaceAsync(IReadOnlyCollection<LoadJob> jobs, CancellationToken cancellationToken) =>
        publisher.ReplaceAsync(table, Stored, () => FilesOf(jobs), cancellationToken);

    /// <summary>A table that is not there has nothing to be emptied.</summary>
    public async Task TruncateAsync(CancellationToken cancellationToken)
    {
        if (load.Found.IcebergOf(table.Name) is not { } stored) return;
        var emptied = await publisher.TruncateAsync(stored, cancellationToken).ConfigureAwait(false);
        load.Found = load.Found.With(table.Name, emptied);
    }

    private List<DataFile> FilesOf(IEnumerable<LoadJob> jobs) =>
        [.. jobs.SelectMany(j => StagedManifest.TryRead(j.Receipt, Stored.Metadata) ?? throw NotStaged(j))];

    private DltException NotStaged(LoadJob job) => new(
        $"What the package says of the staged files of job {job.JobId} cannot be read, or is not of table '{Stored.Name}' as it is now. "
            + "Nothing was committed to the table; the package stays pending. Run again: the job is then staged again.");
}
