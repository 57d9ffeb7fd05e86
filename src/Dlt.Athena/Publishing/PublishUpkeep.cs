using Dlt.Packages;

namespace Dlt.Destinations.Publishing;

/// <summary>Which publish objects nobody needs any more.</summary>
internal static class PublishUpkeep
{
    /// <summary>After this time a load that never became complete is given up.</summary>
    public static readonly TimeSpan GivenUp = TimeSpan.FromDays(30);

    /// <summary>
    /// Objects of complete loads older than a day go. One stays while an earlier load is pending: that must learn, however late it comes,
    /// that a later one replaced its table.
    /// </summary>
    /// <param name="objects">Load ids with the times of their objects.</param>
    /// <param name="complete">Complete loads.</param>
    /// <param name="now">The time of the store.</param>
    public static List<string> Unneeded(
        IReadOnlyDictionary<string, DateTimeOffset> objects, IReadOnlySet<string> complete, DateTimeOffset now)
    {
        var pending = objects.Where(o => !complete.Contains(o.Key) && o.Value > now - GivenUp).Select(o => o.Key).Min(LoadIdOrder.Instance);
        return [.. objects
            .Where(o => o.Value <= now - GivenUp
                || (complete.Contains(o.Key) && o.Value <= now - ReplaceRule.UnderWay
                    && (pending is null || LoadIdOrder.Instance.Compare(o.Key, pending) < 0)))
            .Select(o => o.Key)];
    }
}
