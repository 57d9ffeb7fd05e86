using System.Globalization;
using Dlt.Destinations.Settings;
using Dlt.Packages;

namespace Dlt.Destinations.Publishing;

/// <summary>
/// Decides which files of an external table a replacing load removes, given the other loads. If replaces overlap, in any order, only the
/// rows of the highest load id stay. Each load checks twice, after its uploads and after its row in <c>_dlt_loads</c>: so either the later
/// load lists files after the earlier one has uploaded, or the earlier one checks after the later one is complete.
/// </summary>
internal static class ReplaceRule
{
    /// <summary>
    /// A load that is not complete and has begun or resumed no later than this counts as under way: a replace keeps its rows. After this
    /// time a replace removes the files that the load has in the table. Its publish object and its staged files stay for
    /// <see cref="PublishUpkeep.KeptFor"/>, so it can still go on.
    /// </summary>
    public static readonly TimeSpan MaxSilence = TimeSpan.FromDays(1);

    /// <summary>True when the load removes the file.</summary>
    /// <param name="loads">The load and the other loads.</param>
    /// <param name="table">The table.</param>
    /// <param name="key">Key of the file.</param>
    /// <param name="keyLoadId">The load id in the key; null when the layout has none or the file is foreign.</param>
    /// <param name="lastModified">Time when the file was written, by the clock of the store.</param>
    public static bool Removes(ConcurrentLoads loads, string table, string key, string? keyLoadId, DateTimeOffset lastModified)
    {
        if (loads.Own.Of(table)?.Has(key) == true) return Superseding(loads, table) is { } later && !later.Has(key);
        if (OwnerOf(loads, table, key, keyLoadId) is not { } owner) return lastModified <= loads.Began;
        return owner == loads.Own.LoadId || RemovesOther(loads, table, owner, lastModified);
    }

    /// <summary>
    /// True when a file that stays belongs into the folder to which the load has swapped the table. A load that is not staged yet moves its
    /// files itself when it is, a load that swaps the table has its own folder, and an earlier replace loses.
    /// </summary>
    /// <param name="loads">The load, and the other loads as they are after the swap.</param>
    /// <param name="table">The table.</param>
    /// <param name="key">Key of a file that <see cref="Removes"/> does not select.</param>
    /// <param name="keyLoadId">The load id in the key; null when the layout has none or the file is foreign.</param>
    /// <param name="ofSwaps">True: files in the folder of the load that swaps the table to it belong there too.</param>
    public static bool Moves(ConcurrentLoads loads, string table, string key, string? keyLoadId, bool ofSwaps = false)
    {
        if (loads.Own.Of(table)?.Has(key) == true) return true;
        if (!ofSwaps && SwapFolder.LoadIdOf(key) is { } swap && IsLater(swap, loads)) return false;
        if (OwnerOf(loads, table, key, keyLoadId) is not { } owner) return true;
        if (SwapFolder.LoadIdOf(key) == owner && !ofSwaps) return false;
        if (loads.Others.GetValueOrDefault(owner)?.Content is not { } other) return true;
        if (other.Of(table) is { ReplacesAllRows: true } && !IsLater(owner, loads) && !ofSwaps) return false;
        return !other.IsGivenUp && other.State is not (JournalState.Begun or JournalState.TakenBack);
    }

    /// <summary>
    /// True when another replace removes the file from the folder that the table reads: its load was complete when that one began, which is
    /// staged and so is completed by somebody. A copy of such a file that is made late must not bring it back. A later replace that swaps
    /// the table leaves all folders but its own, so copies do not matter to it.
    /// </summary>
    /// <param name="loads">The load and the other loads.</param>
    /// <param name="table">The table.</param>
    /// <param name="key">Key of the file.</param>
    /// <param name="keyLoadId">The load id in the key; null when the layout has none or the file is foreign.</param>
    public static bool IsRemovedByOther(ConcurrentLoads loads, string table, string key, string? keyLoadId)
    {
        if (OwnerOf(loads, table, key, keyLoadId) is not { } owner || !loads.Complete.Contains(owner)) return false;
        var times = loads.Others.ToDictionary(o => o.Key, o => o.Value.LastModified, StringComparer.Ordinal);
        return loads.Others.Any(o => o.Value is { IsUnrecorded: false, Content: { MayBeVisible: true } other }
            && other.State != JournalState.TakenBack
            && other.Of(table) is { IsExternal: true, ReplacesAllRows: true } replace
            && !(replace.IsSwappedBy(o.Key) && IsLater(o.Key, loads))
            && LoadIdOrder.Instance.Compare(owner, o.Key) < 0
            && new LoadStart(other, other.Began ?? o.Value.LastModified, times).CompleteBefore([owner]).Count > 0);
    }

    /// <summary>
    /// True when another load has swapped the table, and its rows stay: it is a later one that is complete or under way. A load that was
    /// abandoned, perhaps with a clock that was ahead, loses.
    /// </summary>
    /// <param name="loads">The load and the other loads.</param>
    /// <param name="folder">Key or location of the folder that the table reads from, with a trailing slash.</param>
    public static bool IsSwappedByLater(ConcurrentLoads loads, string folder)
    {
        if (SwapFolder.LoadIdOf(folder) is not { } other || !IsLater(other, loads)) return false;
        return loads.Complete.Contains(other)
            || (loads.Others.TryGetValue(other, out var load) && load.LastModified > loads.Began - MaxSilence);
    }

    /// <summary>The table in a complete load that replaced it later; null if this load is the last.</summary>
    public static PublishedTable? Superseding(ConcurrentLoads loads, string table) => loads.Others
        .Where(o => IsLater(o.Key, loads) && loads.Complete.Contains(o.Key))
        .Select(o => o.Value.Content?.Of(table))
        .FirstOrDefault(t => t is { ReplacesAllRows: true });

    /// <summary>Load id of the load that wrote a file; null when nothing says it.</summary>
    private static string? OwnerOf(ConcurrentLoads loads, string table, string key, string? keyLoadId)
    {
        var writer = loads.Others.Where(o => o.Value.Content?.Of(table)?.Has(key) == true)
            .OrderByDescending(o => o.Value.LastModified).Select(o => o.Key).FirstOrDefault();
        return writer ?? keyLoadId;
    }

    private static bool RemovesOther(ConcurrentLoads loads, string table, string owner, DateTimeOffset lastModified)
    {
        var other = loads.Others.GetValueOrDefault(owner);
        if (other is null && !loads.Complete.Contains(owner))
            return lastModified <= loads.Began && !IsRecent(owner, lastModified, loads.Began);
        if (IsLater(owner, loads)) return false;

        // An earlier replace loses, but its files stay until one of the two is complete: an abandoned load must not leave an empty table.
        if (other?.Content?.Of(table) is { ReplacesAllRows: true })
            return loads.Complete.Contains(owner) || loads.Complete.Contains(loads.Own.LoadId);
        if (loads.CompleteBefore.Contains(owner)) return true;
        if (other is null || loads.Complete.Contains(owner)) return false;   // it was under way when this load began
        return other.LastModified <= loads.Began - MaxSilence;
    }

    /// <summary>
    /// True when a load without a publish object, such as one of Python dlt, may be under way; its id is the time when it began.
    /// </summary>
    private static bool IsRecent(string loadId, DateTimeOffset lastModified, DateTimeOffset began) =>
        lastModified > began - MaxSilence
        && decimal.TryParse(loadId, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds)
        && Math.Abs(seconds - began.ToUnixTimeMilliseconds() / 1000m) < (decimal)MaxSilence.TotalSeconds;

    private static bool IsLater(string loadId, ConcurrentLoads loads) => LoadIdOrder.Instance.Compare(loadId, loads.Own.LoadId) > 0;
}
