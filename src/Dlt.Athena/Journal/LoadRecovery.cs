using Dlt.Destinations.Publishing;

namespace Dlt.Destinations.Journal;

/// <summary>
/// Deals with loads of the pipeline that an earlier run left, on whichever machine: completes those that were prepared, and takes the
/// others back.
/// </summary>
/// <param name="registry">The publish objects.</param>
/// <param name="pipeline">Name of the pipeline.</param>
/// <param name="prepared">Completes loads.</param>
/// <param name="removal">Removes what loads have written.</param>
/// <param name="warn">Receives one line for each load.</param>
internal sealed class LoadRecovery(
    LoadRegistry registry, string pipeline, PreparedLoads prepared, LoadRemoval removal, Action<string> warn)
{
    private readonly List<PublishObject> _refreshes = [];

    /// <summary>Loads of refreshes that were taken back; their publish objects stay.</summary>
    public IReadOnlyList<PublishObject> Refreshes => _refreshes;

    /// <summary>Completes or takes back the loads.</summary>
    /// <param name="completeLoads">
    /// Reads the ids of complete loads, at the same time as the publish objects are listed: the lease keeps other runs of the pipeline out,
    /// so none of its loads is completed in between.
    /// </param>
    /// <param name="kept">Loads to leave as they are.</param>
    /// <param name="ensureLease">Called before each write that other runs would see.</param>
    /// <param name="cancellationToken">Stops; the next run goes on.</param>
    public async Task RunAsync(
        Func<CancellationToken, Task<IReadOnlySet<string>>> completeLoads, IReadOnlySet<string> kept,
        Func<CancellationToken, Task> ensureLease, CancellationToken cancellationToken)
    {
        var (listing, reading) = (registry.Folder.ListAsync(cancellationToken), completeLoads(cancellationToken));
        await Task.WhenAll(listing, reading).ConfigureAwait(false);
        var (listed, complete) = (await listing.ConfigureAwait(false), await reading.ConfigureAwait(false));
        var left = new SortedDictionary<string, StoredPublishObject>(Packages.LoadIdOrder.Instance);
        foreach (var id in listed.Keys.Where(id => !complete.Contains(id) && !kept.Contains(id)))
        {
            if (await registry.Folder.TryGetStoredAsync(id, cancellationToken).ConfigureAwait(false) is { } load
                && load.Content.Pipeline == pipeline && load.Content.State is not (null or JournalState.Committed)) left[id] = load;
        }

        foreach (var (id, load) in left)
        {
            var leader = load.Content.Prepared?.CommitWith[0];
            if (leader == id) await CompleteAsync(id, left, ensureLease, cancellationToken).ConfigureAwait(false);
            else if (leader is null || !left.TryGetValue(leader, out var first) || first.Content.State != JournalState.Prepared)
                await TakeBackAsync(load, ensureLease, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Completes the loads that are committed together with a load. All of them are prepared, because the first is written
    /// last.</summary>
    private async Task CompleteAsync(
        string leader, SortedDictionary<string, StoredPublishObject> left, Func<CancellationToken, Task> ensureLease,
        CancellationToken cancellationToken)
    {
        var loads = left[leader].Content.Prepared!.CommitWith.Where(left.ContainsKey).Select(id => left[id].Content).ToList();
        try
        {
            await prepared.CompleteAsync(loads, ensureLease, cancellationToken).ConfigureAwait(false);
        }
        catch (DltException error) when (!error.IsTransient && error.State is null)
        {
            error.State = $"Load {leader} of pipeline '{pipeline}' was prepared on another machine and could not be completed here; "
                + "nothing else was run. Run the pipeline on that machine, or delete "
                + $"{registry.Folder.LocationOf(leader)} to give the load up: its rows then stay where they are already visible.";
            throw;
        }

        warn($"Load {string.Join(", ", loads.Select(l => l.LoadId))} of pipeline '{pipeline}', which an earlier run had staged and not "
            + "completed, was completed.");
    }

    private async Task TakeBackAsync(
        StoredPublishObject load, Func<CancellationToken, Task> ensureLease, CancellationToken cancellationToken)
    {
        await ensureLease(cancellationToken).ConfigureAwait(false);
        var isRefresh = UnfinishedRefreshes.IsOne(load.Content);
        if (await removal.TryRemoveAsync(load, isRefresh, cancellationToken).ConfigureAwait(false) is not { } removed) return;
        if (isRefresh) _refreshes.Add(load.Content);
        warn($"Load {load.Content.LoadId} of pipeline '{pipeline}', which an earlier run had begun and not staged completely, was taken "
            + "back: its files were removed, and its rows are extracted again."
            + (isRefresh ? " It was to empty tables first, and may have done so." : Remains(removed)));
    }

    private static string Remains(RemovedLoad removed)
    {
        var replaced = removed.ReplacedTables.IsEmpty ? "" : $" Its rows stay in {string.Join(", ", removed.ReplacedTables)}, where they "
            + "had replaced the earlier ones.";
        return removed.EmptiedTables.IsEmpty ? replaced : $"{replaced} It had removed the earlier rows of "
            + $"{string.Join(", ", removed.EmptiedTables)} first: no rows are there until they are loaded again.";
    }
}
