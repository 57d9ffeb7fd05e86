using Dlt.Destinations.Publishing;
using Dlt.Internal;

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
            // abort-packages may have removed some of the loads that are committed together.
            var group = load.Content.Prepared?.CommitWith ?? [];
            if (group.IsEmpty || !group.All(IsPrepared))
                await TakeBackAsync(load, "had begun and not staged completely,", ensureLease, cancellationToken).ConfigureAwait(false);
            else if (group[0] == id)
                await CompleteAsync(group.Select(i => left[i]).ToList(), ensureLease, cancellationToken).ConfigureAwait(false);
        }

        bool IsPrepared(string id) => left.TryGetValue(id, out var load) && load.Content.State == JournalState.Prepared;
    }

    /// <summary>
    /// Completes loads that are committed together, all of them prepared. If files of one are gone, no run can complete them, and all are
    /// taken back.
    /// </summary>
    private async Task CompleteAsync(
        List<StoredPublishObject> loads, Func<CancellationToken, Task> ensureLease, CancellationToken cancellationToken)
    {
        var leader = loads[0].Content.LoadId;
        try
        {
            await prepared.CompleteAsync(loads.ConvertAll(l => l.Content), ensureLease, cancellationToken).ConfigureAwait(false);
        }
        catch (UnfinishableLoadException error)
        {
            var story = $"had staged and not completed, cannot be completed. {Failure.Sentence(error)} It";
            foreach (var load in loads) await TakeBackAsync(load, story, ensureLease, cancellationToken).ConfigureAwait(false);
            return;
        }
        catch (DltException error) when (!error.IsTransient && error.State is null)
        {
            error.State = $"Load {leader} of pipeline '{pipeline}' was prepared on another machine and could not be completed here; "
                + "nothing else was run. Correct that and run again, or run the pipeline on that machine.";
            throw;
        }

        warn($"Load {string.Join(", ", loads.Select(l => l.Content.LoadId))} of pipeline '{pipeline}', which an earlier run had staged and "
            + "not completed, was completed.");
    }

    /// <summary>Removes a load, and says so in a sentence that begins with what the earlier run did.</summary>
    private async Task TakeBackAsync(
        StoredPublishObject load, string story, Func<CancellationToken, Task> ensureLease, CancellationToken cancellationToken)
    {
        await ensureLease(cancellationToken).ConfigureAwait(false);
        var isRefresh = UnfinishedRefreshes.IsOne(load.Content);
        if (await removal.TryRemoveAsync(load, isRefresh, cancellationToken).ConfigureAwait(false) is not { } removed) return;
        if (isRefresh) _refreshes.Add(load.Content);
        if (isRefresh && load.Content.State == JournalState.TakenBack) return;   // an earlier run has warned of it
        warn($"Load {load.Content.LoadId} of pipeline '{pipeline}', which an earlier run {story} was taken back: its files were removed, "
            + "and its rows are extracted again."
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
