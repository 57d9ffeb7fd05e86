using Dlt.Packages;

namespace Dlt.Destinations.Publishing;

/// <summary>Decides which publish objects can be deleted.</summary>
internal static class PublishUpkeep
{
    /// <summary>
    /// The publish object and the staged files of a load that is not complete are kept for this time after the load began or resumed last;
    /// then the load is given up. Other loads wait for it no longer than <see cref="ReplaceRule.MaxSilence"/>.
    /// </summary>
    public static readonly TimeSpan KeptFor = TimeSpan.FromDays(30);

    /// <summary>
    /// Publish objects to delete: those of loads that are given up, and those of complete loads after a day. The latter stay while an
    /// earlier load is pending, because that load must learn that a later one replaced its table.
    /// </summary>
    /// <param name="objects">Last-modified times of the objects, by load id.</param>
    /// <param name="complete">Complete loads.</param>
    /// <param name="now">The current time, by the clock of the store.</param>
    public static List<string> Unneeded(
        IReadOnlyDictionary<string, DateTimeOffset> objects, IReadOnlySet<string> complete, DateTimeOffset now)
    {
        var givenUp = now - KeptFor;
        var pending = objects.Where(o => !complete.Contains(o.Key) && o.Value > givenUp).Select(o => o.Key).Min(LoadIdOrder.Instance);
        return [.. objects
            .Where(o => o.Value <= givenUp
                || (complete.Contains(o.Key) && o.Value <= now - ReplaceRule.MaxSilence
                    && (pending is null || LoadIdOrder.Instance.Compare(o.Key, pending) < 0)))
            .Select(o => o.Key)];
    }
}
