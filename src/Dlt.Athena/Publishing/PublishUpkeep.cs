using Dlt.Packages;

namespace Dlt.Destinations.Publishing;

/// <summary>Decides which publish objects can be deleted.</summary>
internal static class PublishUpkeep
{
    /// <summary>A load that is not complete after this time is abandoned.</summary>
    public static readonly TimeSpan AbandonedAfter = TimeSpan.FromDays(30);

    /// <summary>
    /// Publish objects to delete: those of abandoned loads, and those of complete loads after a day. The latter stay while an earlier load
    /// is pending, because that load must learn that a later one replaced its table.
    /// </summary>
    /// <param name="objects">Last-modified times of the objects, by load id.</param>
    /// <param name="complete">Complete loads.</param>
    /// <param name="now">The current time, by the clock of the store.</param>
    public static List<string> Unneeded(
        IReadOnlyDictionary<string, DateTimeOffset> objects, IReadOnlySet<string> complete, DateTimeOffset now)
    {
        var abandoned = now - AbandonedAfter;
        var pending = objects.Where(o => !complete.Contains(o.Key) && o.Value > abandoned).Select(o => o.Key).Min(LoadIdOrder.Instance);
        return [.. objects
            .Where(o => o.Value <= abandoned
                || (complete.Contains(o.Key) && o.Value <= now - ReplaceRule.UnderWay
                    && (pending is null || LoadIdOrder.Instance.Compare(o.Key, pending) < 0)))
            .Select(o => o.Key)];
    }
}
