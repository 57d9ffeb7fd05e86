using System.Globalization;
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
        if (loads.Own.Of(table)?.Keys.Contains(key) == true)
            return Superseding(loads, table) is { } later && !later.Keys.Contains(key);
        var writer = loads.Others.Where(o => o.Value.Content?.Of(table)?.Keys.Contains(key) == true)
            .OrderByDescending(o => o.Value.LastModified).Select(o => o.Key).FirstOrDefault();
        var owner = writer ?? keyLoadId;
        if (owner is null) return lastModified <= loads.Began;
        return owner == loads.Own.LoadId || RemovesOther(loads, table, owner, lastModified);
    }

    /// <summary>The table in a complete load that replaced it later; null if this load is the last.</summary>
    public static PublishedTable? Superseding(ConcurrentLoads loads, string table) => loads.Others
        .Where(o => IsLater(o.Key, loads) && loads.Complete.Contains(o.Key))
        .Select(o => o.Value.Content?.Of(table))
        .FirstOrDefault(t => t is { ReplacesAllRows: true });

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
