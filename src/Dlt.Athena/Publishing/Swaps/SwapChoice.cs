using System.Collections.Immutable;

namespace Dlt.Destinations.Publishing;

/// <summary>
/// Chooses the tables that a load may swap. Loads that began before the dataset was marked do not look for swaps: where such a load is
/// under way, its files would stay in the folder that the swap leaves.
/// </summary>
/// <param name="folder">The publish objects.</param>
internal sealed class SwapChoice(PublishFolder folder)
{
    /// <summary>Marks the dataset and chooses the tables, before the load writes its publish object.</summary>
    /// <param name="loadId">The load.</param>
    /// <param name="wanted">Tables that it is to swap.</param>
    /// <param name="complete">Complete loads.</param>
    /// <param name="cancellationToken">Stops; the dataset may be marked.</param>
    public async Task<ImmutableHashSet<string>> OfAsync(
        string loadId, ImmutableHashSet<string> wanted, IReadOnlySet<string> complete, CancellationToken cancellationToken)
    {
        if (wanted.IsEmpty) return wanted;
        if (folder.SwapsSince is null) await folder.MarkSwapsAsync(cancellationToken).ConfigureAwait(false);
        var listed = await folder.ListAsync(cancellationToken).ConfigureAwait(false);
        if (folder.SwapsSince is not { } since) return [];
        // The newest time in the listing is the nearest that the store says about now.
        var now = listed.Values.Append(since).Max();
        foreach (var id in listed.Keys.Where(id => id != loadId && !complete.Contains(id) && listed[id] > now - ReplaceRule.MaxSilence))
        {
            if (await folder.TryGetAsync(id, cancellationToken).ConfigureAwait(false) is not { } other
                || other is { IsGivenUp: true } or { State: JournalState.TakenBack }) continue;
            if ((other.Began ?? listed[id]) <= since) wanted = wanted.Except(other.Tables.Select(t => t.Name));
        }

        return wanted;
    }
}
