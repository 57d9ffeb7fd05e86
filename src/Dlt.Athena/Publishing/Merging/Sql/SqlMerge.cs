using System.Collections.Concurrent;
using System.Collections.Frozen;

namespace Dlt.Destinations.Publishing.Merging;

/// <summary>The merges of one load by statements of Athena: staged files in the staging dataset, and a script for each chain.</summary>
/// <param name="inputs">The chains that are merged.</param>
/// <param name="folder">The files of the staging dataset.</param>
/// <param name="queries">Runs the statements.</param>
/// <param name="helpers">Removes helper tables.</param>
internal sealed class SqlMerge(IReadOnlyCollection<MergeInput> inputs, StagingFolder folder, MergeQueries queries, HelperTables helpers)
{
    private readonly FrozenDictionary<string, MergeInput> _inputs = inputs.ToFrozenDictionary(i => i.Root.Name, StringComparer.Ordinal);
    private readonly FrozenSet<string> _tables = inputs.SelectMany(i => i.Tables).Select(t => t.Name).ToFrozenSet(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, bool> _begun = new(StringComparer.Ordinal);

    /// <summary>Stages the jobs of the tables.</summary>
    public IJobStaging Staging { get; } = new StagingTableLoad(folder);

    /// <summary>Number of statements of all merges.</summary>
    public int Statements => inputs.Sum(i => MergeScript.Of(i).Length);

    /// <summary>True when the rows of a table are merged.</summary>
    public bool Has(string table) => _tables.Contains(table);

    /// <summary>Removes the files of other loads from the folders of the staging tables.</summary>
    public async Task PrepareAsync(CancellationToken cancellationToken)
    {
        foreach (var (input, table) in inputs.SelectMany(i => i.Tables.Select(t => (i, t))))
            await folder.EmptyAsync(table.Name, input.LoadId, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Merges the staged rows of a chain. May be repeated.</summary>
    /// <param name="chain">The chain with its staged jobs.</param>
    /// <param name="isResumed">True when an earlier process may have run some of the statements.</param>
    /// <param name="cancellationToken">Stops; the script is repeated from its first statement.</param>
    /// <returns>The tables without numbers: Athena says only what single statements have changed.</returns>
    /// <exception cref="DltException">A statement failed, or the staged files are not those of the load.</exception>
    public async Task<IReadOnlyDictionary<string, PublishedRows>> PublishAsync(
        TableChain chain, bool isResumed, CancellationToken cancellationToken)
    {
        var input = _inputs[chain.Root.Name];
        var files = chain.Tables.SelectMany(t => t.Jobs).ToLookup(j => j.Table.Name, folder.FileOf, StringComparer.Ordinal);
        foreach (var table in input.Tables) await folder.CheckAsync(table.Name, files[table.Name], cancellationToken).ConfigureAwait(false);
        var isRepeated = isResumed || !_begun.TryAdd(input.Root.Name, true);
        var script = MergeScript.Of(input with { IsRepeated = isRepeated });
        var ids = await queries
            .RunAsync(input.Root.Name, script, table => files[table].Sum(f => f.Rows), cancellationToken).ConfigureAwait(false);
        if (script.Select(s => s.Makes).OfType<string>().ToList() is { Count: > 0 } made)
            await helpers.RemoveAsync(made, ids, cancellationToken).ConfigureAwait(false);
        return chain.Tables.ToDictionary(t => t.Table.Name, _ => new PublishedRows(Count: null), StringComparer.Ordinal);
    }

    /// <summary>Removes the staged files of the load.</summary>
    public async Task SettleAsync(CancellationToken cancellationToken)
    {
        foreach (var (input, table) in inputs.SelectMany(i => i.Tables.Select(t => (i, t))))
            await folder.RemoveAsync(table.Name, input.LoadId, cancellationToken).ConfigureAwait(false);
    }
}
