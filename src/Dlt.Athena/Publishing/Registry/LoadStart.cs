using System.Collections.Immutable;
using System.Globalization;

namespace Dlt.Destinations.Publishing;

/// <summary>Reconstructs which loads were complete when a load began, also for a process that resumes it later.</summary>
/// <param name="own">The load.</param>
/// <param name="began">Time when the load began, by the clock of the store.</param>
/// <param name="listed">Publish objects that exist now, with their last-modified times by load id.</param>
internal sealed class LoadStart(PublishObject own, DateTimeOffset began, IReadOnlyDictionary<string, DateTimeOffset> listed)
{
    /// <summary>
    /// Complete loads that may have become complete as recently as a day before this load. Earlier ones need no list: a load that is not
    /// complete after a day is abandoned, or has a publish object and is listed in <see cref="PublishObject.UnderWay"/>.
    /// </summary>
    /// <param name="loadId">The load.</param>
    /// <param name="complete">Loads that are complete when it begins.</param>
    public static ImmutableSortedSet<string> RecentlyComplete(string loadId, IEnumerable<string> complete) =>
        complete.Where(id => id != loadId && IsRecent(id, loadId)).ToImmutableSortedSet(StringComparer.Ordinal);

    /// <summary>Loads that were complete when the load began.</summary>
    /// <param name="complete">Loads that are complete now.</param>
    public IReadOnlySet<string> CompleteBefore(IEnumerable<string> complete) =>
        complete.Where(WasComplete).ToHashSet(StringComparer.Ordinal);

    private bool WasComplete(string id)
    {
        if (id == own.LoadId || own.UnderWay?.Contains(id) == true) return false;
        if (own.CompleteBefore is { } known && IsRecent(id, own.LoadId)) return known.Contains(id);
        if (!listed.TryGetValue(id, out var at)) return true;

        // Publish objects of earlier versions lack the list of loads under way: loads that may have been under way keep their rows.
        return at <= began && (own.UnderWay is not null || !NeedsOtherLoads(own) || at <= began - ReplaceRule.MaxSilence);
    }

    /// <summary>
    /// True unless the load only adds rows: added files have their own keys, so the files of other loads do not matter.
    /// </summary>
    public static bool NeedsOtherLoads(PublishObject load) => load.Tables.Any(t => t.MayRemoveRows);

    /// <summary>True when a load began less than a day before another; load ids are Unix seconds of the loader's clock.</summary>
    private static bool IsRecent(string id, string loadId) =>
        SecondsOf(id) is not { } other || SecondsOf(loadId) is not { } seconds
            || other > seconds - (decimal)ReplaceRule.MaxSilence.TotalSeconds;

    /// <summary>The time in a load id, in Unix seconds of the loader's clock; null if the id is not a number.</summary>
    public static decimal? SecondsOf(string loadId) =>
        decimal.TryParse(loadId, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds) ? seconds : null;
}
