using Dlt.Destinations.Bookkeeping;
using Dlt.Destinations.Publishing;
using Dlt.Destinations.Publishing.Merging;
using Dlt.Destinations.Staging;
using Dlt.Destinations.Tables;
using Dlt.Schemas;

namespace Dlt.Destinations.Journal;

/// <summary>
/// Completes prepared loads from their publish objects alone. Commits that were made are recognised by the identity of their steps, so it
/// does not matter how far the earlier run came.
/// </summary>
/// <param name="registry">The publish objects.</param>
/// <param name="tables">Finds the tables.</param>
/// <param name="reader">Reads schemas.</param>
/// <param name="writer">Commits loads.</param>
/// <param name="formats">Determines which tables are Iceberg tables.</param>
/// <param name="staging">Writes data files of Iceberg tables; not used here.</param>
/// <param name="maxIdentifierLength">Characters of the longest name under the settings.</param>
/// <param name="warn">Receives warnings for the user.</param>
internal sealed class PreparedLoads(
    LoadRegistry registry, TableMigrator tables, BookkeepingReader reader, BookkeepingWriter writer, TableFormats formats,
    IcebergStaging staging, int? maxIdentifierLength, Action<string> warn)
{
    /// <summary>Merges by statements of Athena; null when merges are commits.</summary>
    public SqlMerges? SqlMerges { get; init; }

    /// <summary>Records that loads, which are committed together, are staged.</summary>
    /// <param name="loads">Plans of the loads, with the receipts of their staged jobs.</param>
    /// <param name="loadOf">Returns a load by its id.</param>
    /// <param name="cancellationToken">Stops; some loads may be recorded.</param>
    /// <exception cref="DltException">Another run has taken a load back. Nothing of it was committed.</exception>
    public async Task RecordAsync(
        IReadOnlyList<LoadPlan> loads, Func<string, ActiveLoad> loadOf, CancellationToken cancellationToken)
    {
        foreach (var plan in loads.Reverse())   // the first one is written last: with it, all are prepared
        {
            var load = loadOf(plan.LoadId);
            var content = load.Published with
            {
                Tables = registry.ContentOf(plan, table => !load.IsIceberg(table), load.Partitions, load.Published).Tables,
                State = JournalState.Prepared,
                Prepared = PreparedLoad.Of(plan, loads.Select(l => l.LoadId), load.ReceiptOf),
            };
            content = content.WithEmptiedOf(load.Published);
            if (!await registry.Folder.TryReplaceListedAsync(content, cancellationToken).ConfigureAwait(false))
            {
                throw new DltException($"Another run of pipeline '{registry.Pipeline}' has taken load {plan.LoadId} back, or writes it "
                    + $"({registry.Folder.LocationOf(plan.LoadId)}). Nothing of it was committed.")
                { WasRetried = true, IsTransient = true };
            }

            load.Published = content;
        }
    }

    /// <summary>Publishes loads and commits them together.</summary>
    /// <param name="loads">The loads.</param>
    /// <param name="ensureLease">Called before each write that other runs would see.</param>
    /// <param name="cancellationToken">Stops; some tables may have the rows, and the next run goes on.</param>
    /// <exception cref="UnfinishableLoadException">Files or the schema of a load are gone. Nothing was changed.</exception>
    /// <exception cref="DltException">A load cannot be completed; some of its tables may have its rows.</exception>
    public async Task CompleteAsync(
        IReadOnlyList<PublishObject> loads, Func<CancellationToken, Task> ensureLease, CancellationToken cancellationToken)
    {
        var opened = new List<ActiveLoad>();
        foreach (var load in loads) opened.Add(await OpenAsync(load, cancellationToken).ConfigureAwait(false));
        foreach (var load in opened) await CheckStagedAsync(load, cancellationToken).ConfigureAwait(false);
        try
        {
            foreach (var (load, chain) in opened.SelectMany(l => l.Plan.Chains.Select(c => (l, c))))
            {
                await ensureLease(cancellationToken).ConfigureAwait(false);
                await load.PublishAsync(chain, cancellationToken).ConfigureAwait(false);
            }
        }
        finally
        {
            foreach (var table in opened.SelectMany(l => l.Plan.Chains).SelectMany(c => c.Tables)) tables.Look.Forget(table.Table.Name);
        }

        await ensureLease(cancellationToken).ConfigureAwait(false);
        foreach (var load in opened) await load.Files.FinishAsync(cancellationToken).ConfigureAwait(false);
        await writer.CompleteAsync([.. opened.Select(l => l.Plan)], cancellationToken).ConfigureAwait(false);
        foreach (var load in opened)
        {
            await load.Files.SweepAsync(cancellationToken).ConfigureAwait(false);
            await load.Unneeded.DeleteAsync(cancellationToken).ConfigureAwait(false);
            await MarkCommittedAsync(load, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>
    /// Records that a load is committed. Readers of <c>_dlt_loads</c> know it already, so a failed condition does not matter.
    /// </summary>
    public Task MarkCommittedAsync(ActiveLoad load, CancellationToken cancellationToken)
    {
        var content = load.Published with { State = JournalState.Committed, Prepared = null };
        return registry.Folder.TryReplaceListedAsync(content, cancellationToken);
    }

    private async Task<ActiveLoad> OpenAsync(PublishObject load, CancellationToken cancellationToken)
    {
        var prepared = load.Prepared!;
        var schema = await reader.SchemaOfHashAsync(load.SchemaName, prepared.SchemaHash, maxIdentifierLength, cancellationToken)
            .ConfigureAwait(false)
            ?? throw new UnfinishableLoadException($"The schema '{load.SchemaName}' with the hash {prepared.SchemaHash}, which load "
                + $"{load.LoadId} uses, is not in {SystemTables.Version} any more.");
        var plan = prepared.ToPlan(load.LoadId, schema);
        var files = await registry.ResumeAsync(load.LoadId, cancellationToken).ConfigureAwait(false)
            ?? throw new DltException($"{registry.Folder.LocationOf(load.LoadId)} is gone.");
        var found = await tables.CheckAsync(schema, [], plan.Prepared, cancellationToken).ConfigureAwait(false);
        return new(plan, files, formats, registry, staging, warn)
        {
            Found = found,
            ListedPartitions = tables.Partitions,
            IsRecovered = true,
            SqlMerge = SqlMerges?.Of(plan),
        };
    }

    private static async Task CheckStagedAsync(ActiveLoad load, CancellationToken cancellationToken)
    {
        foreach (var table in load.Plan.Chains.SelectMany(c => c.Tables).Where(t => !load.Files.IsSuperseded(t.Table.Name)))
        {
            foreach (var job in table.Jobs)
            {
                if (await load.StagingOf(table.Table).IsStagedAsync(job, cancellationToken).ConfigureAwait(false)) continue;
                throw new UnfinishableLoadException($"The files of job {job.JobId} of load {load.Plan.LoadId} are not in table "
                    + $"'{table.Table.Name}' as they were staged.");
            }
        }
    }
}
