using Dlt.Destinations.Staging;
using Dlt.Iceberg;
using Dlt.Schemas;
using IcebergTable = Dlt.Iceberg.Table;

namespace Dlt.Destinations.Publishing;

/// <summary>An Iceberg table of a load. Staged data files become part of it when a commit adds them.</summary>
/// <param name="table">The table as the schema declares it.</param>
/// <param name="load">The load, with the table as it was prepared.</param>
/// <param name="publisher">Commits the steps of the load.</param>
/// <param name="staging">Writes data files.</param>
internal sealed class IcebergTableLoad(TableSchema table, ActiveLoad load, IcebergPublisher publisher, IcebergStaging staging) : ITableLoad
{
    /// <summary>The table as it was prepared.</summary>
    public IcebergTable Stored =>
        load.Found.IcebergOf(table.Name) ?? throw new InvalidOperationException($"Table '{table.Name}' was not prepared.");

    /// <summary>The table after <see cref="ReplaceAsync"/>; null before.</summary>
    public IcebergTable? Replaced { get; private set; }

    /// <summary>Id of the snapshot that removed the rows of an earlier attempt of the load; null if none did.</summary>
    private long? Removal => StepRecord.RemovalOf(Stored.Metadata, load.Plan.LoadId);

    /// <summary>What the merge of a root table asks about the order of its rows; null for all other tables.</summary>
    private ArrivalOrder? Order =>
        load.Plan.Chains.FirstOrDefault(c => c.Root.Name == table.Name) is { } chain ? ArrivalOrder.Of(chain) : null;

    /// <summary>Stages the file, unless the table already contains the rows: their data files must not change any more.</summary>
    public async Task<ReadOnlyMemory<byte>> StageAsync(LoadJob job, CancellationToken cancellationToken) =>
        publisher.HasData(Stored)
            ? job.Receipt
            : await staging.StageAsync(job, Stored, Removal, Order, cancellationToken).ConfigureAwait(false);

    public async Task<bool> IsStagedAsync(LoadJob job, CancellationToken cancellationToken) =>
        publisher.HasData(Stored)
            || await IcebergStaging.IsStagedAsync(job, Stored, load.IsRecovered, Removal, cancellationToken).ConfigureAwait(false);

    public Task<long?> AppendAsync(IReadOnlyCollection<LoadJob> jobs, CancellationToken cancellationToken) =>
        publisher.AppendAsync(table, Stored, () => FilesOf(jobs), cancellationToken);

    /// <summary>Commits a step of a merge, once.</summary>
    /// <param name="stored">The table as an earlier step left it.</param>
    /// <param name="step">Name of the step.</param>
    /// <param name="mode">The mode of the chain.</param>
    /// <param name="plan">Plans the step; called again when another commit contradicts the plan.</param>
    /// <param name="cancellationToken">Stops; the step is committed or not.</param>
    /// <param name="isAgain">True: the step is committed also when the table contains it, for rows that are gone since.</param>
    /// <returns>The table after the step, with the plan that was committed; no plan when an earlier attempt had committed it.</returns>
    public Task<(IcebergTable Table, MergePlan? Plan)> MergeAsync(
        IcebergTable stored, string step, MergeMode mode, Func<IcebergTable, CancellationToken, Task<MergePlan>> plan,
        CancellationToken cancellationToken, bool isAgain = false) =>
        publisher.MergeAsync(mode, new(load.Plan.LoadId, step), table, stored, plan, isAgain, cancellationToken);

    public async Task<long?> ReplaceAsync(IReadOnlyCollection<LoadJob> jobs, CancellationToken cancellationToken)
    {
        (Replaced, var rows) = await publisher.ReplaceAsync(table, Stored, () => FilesOf(jobs), cancellationToken).ConfigureAwait(false);
        return rows;
    }

    /// <summary>Empties the table; does nothing if it does not exist.</summary>
    public async Task TruncateAsync(CancellationToken cancellationToken)
    {
        if (load.Found.IcebergOf(table.Name) is not { } stored) return;
        var emptied = await publisher.TruncateAsync(stored, cancellationToken).ConfigureAwait(false);
        load.Found = load.Found.With(table.Name, emptied);
    }

    /// <summary>
    /// The data files of staged jobs. When the table has their rows already, they are only read: columns and partitions may have changed.
    /// </summary>
    /// <exception cref="DltException">A job must be staged again.</exception>
    public List<DataFile> FilesOf(IEnumerable<LoadJob> jobs)
    {
        var isOnlyRead = publisher.HasData(Stored);
        return [.. jobs.SelectMany(j => StagedManifest.TryRead(j.Receipt, Stored.Metadata, load.IsRecovered || isOnlyRead, isOnlyRead)
            ?? throw NotStaged(j))];
    }

    private DltException NotStaged(LoadJob job) => new(
        $"The receipt of job {job.JobId} cannot be read, or its staged files were written for another version of table '{Stored.Name}'. "
            + "Nothing was committed to the table; the package stays pending. Run again: the job is then staged again.");
}
