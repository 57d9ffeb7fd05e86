using System.Collections.Immutable;
using System.Globalization;
using Dlt.Packages;

namespace Dlt.Destinations.Publishing;

/// <summary>Which loads were complete when a load began, also for a process that goes on with it later.</summary>
/// <param name="own">The load.</param>
/// <param name="began">When it began, by the clock of the store.</param>
/// <param name="listed">Publish objects that are there now, with their times.</param>
internal sealed class Beginning(PublishObject own, DateTimeOffset began, IReadOnlyDictionary<string, DateTimeOffset> listed)
{
    /// <summary>
    /// Complete loads whose completion may be as young as the load itself. Earlier ones need no list: a load that is not complete after
    /// a day is dead, or has a publish object, which <see cref="PublishObject.UnderWay"/> names.
    /// </summary>
    /// <param name="loadId">The load.</param>
    /// <param name="complete">Loads that are complete as it begins.</param>
    public static ImmutableSortedSet<string> Recent(string loadId, IEnumerable<string> complete) =>
        complete.Where(id => id != loadId && IsRecent(id, loadId)).ToImmutableSortedSet(StringComparer.Ordinal);

    /// <summary>Loads that were complete at the beginning.</summary>
    /// <param name="complete">Loads that are complete now.</param>
    public IReadOnlySet<string> Of(IEnumerable<string> complete) => complete.Where(WasComplete).ToHashSet(StringComparer.Ordinal);

    private bool WasComplete(string id)
    {
        if (id == own.LoadId || own.UnderWay?.Contains(id) == true) return false;
        if (own.CompleteBefore is { } known && IsRecent(id, own.LoadId)) return known.Contains(id);
        if (!listed.TryGetValue(id, out var at)) return true;

        // An object of an earlier version does not say who was under way: whoever may have been keeps the rows.
        return at <= began && (own.UnderWay is not null || !NeedsOthers(own) || at <= began - ReplaceRule.UnderWay);
    }

    /// <summary>Who only appends files with keys of their own need not know what others write.</summary>
    public static bool NeedsOthers(PublishObject load) => load.Tables.Any(t => t.Disposition != PublishDisposition.Append);

    /// <summary>Load ids are seconds of the loader's clock, and above those that were complete.</summary>
    private static bool IsRecent(string id, string loadId) =>
        SecondsOf(id) is not { } other || SecondsOf(loadId) is not { } seconds
            || other > seconds - (decimal)ReplaceRule.UnderWay.TotalSeconds;

    private static decimal? SecondsOf(string loadId) =>
        decimal.TryParse(loadId, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds) ? seconds : null;
}
