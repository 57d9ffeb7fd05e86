using Dlt.Destinations.Publishing;

namespace Dlt.Destinations.Journal;

/// <summary>
/// Loads of refreshes that an earlier run left and this one took back. They may have emptied tables, and the committed state still has the
/// cursors from before. Their publish objects stay until a run that resets those is committed.
/// </summary>
/// <param name="loads">The publish objects.</param>
/// <param name="kept">Loads whose packages were on this machine when the run began: they do not reset.</param>
internal sealed class UnfinishedRefreshes(IReadOnlyList<PublishObject> loads, IReadOnlySet<string> kept)
{
    /// <summary>
    /// True when a load removes the rows of tables before it adds its own. Tables that are replaced do not count: their cursors begin again
    /// with each load.
    /// </summary>
    public static bool IsOne(PublishObject load) => load.Tables.Any(IsEmptied);

    /// <summary>Refuses a run that goes on from the cursors.</summary>
    /// <exception cref="DltException">Tables may be empty. Nothing was loaded.</exception>
    public void Refuse(string pipeline, PublishFolder folder)
    {
        if (loads.Count == 0) return;
        var tables = loads.SelectMany(l => l.Tables).Where(IsEmptied).Select(t => t.Name).Distinct().Order(StringComparer.Ordinal);
        throw new DltException(
            $"A run of pipeline '{pipeline}' with a refresh did not end, and its package is not on this machine. It may have emptied or "
            + $"dropped {string.Join(", ", tables)}, and the cursors still have their values from before: a run without the refresh would "
            + "leave out the rows that the tables had.")
        {
            State = "Nothing was loaded. Run once with the same refresh (PipelineOptions.Refresh, or the setting refresh), or drop the "
                + $"resources of these tables with: dlt pipeline {pipeline} drop RESOURCE... If the tables have their rows, delete "
                + $"{string.Join(", ", loads.Select(l => folder.LocationOf(l.LoadId)))} and run again.",
        };
    }

    /// <summary>Removes the publish objects after loads of this run were committed.</summary>
    public async Task EndAsync(IReadOnlyList<LoadPlan> committed, PublishFolder folder, CancellationToken cancellationToken)
    {
        if (loads.Count == 0 || committed.All(l => kept.Contains(l.LoadId))) return;
        await folder.RemoveAsync(loads.Select(l => l.LoadId), cancellationToken).ConfigureAwait(false);
    }

    private static bool IsEmptied(PublishedTable table) =>
        !table.ReplacesAllRows && (table.IsEmptiedFirst || table.Mode == WriteMode.Truncate.Name);
}
