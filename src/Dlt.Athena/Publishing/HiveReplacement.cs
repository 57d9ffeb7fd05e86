using Dlt.Destinations.Settings;
using Dlt.Destinations.Tables;

namespace Dlt.Destinations.Publishing;

/// <summary>Decides how the external tables of a load are replaced, by the setting <c>hive_replace</c>.</summary>
/// <param name="setting">The setting (<see cref="HiveReplace"/>).</param>
/// <param name="warn">Receives a warning for tables that are replaced otherwise than the setting says.</param>
internal sealed class HiveReplacement(string setting, Action<string> warn)
{
    /// <summary>True when replaced tables are emptied before the upload.</summary>
    public bool EmptiesFirst => setting == HiveReplace.TruncateAndInsert;

    /// <summary>
    /// Adds what the setting says about the replaced tables. A table whose partitions Glue lists is not swapped: each partition has its own
    /// location, and Glue changes them one by one.
    /// </summary>
    /// <param name="plan">The plan of the load.</param>
    /// <param name="targets">How the load writes its tables otherwise.</param>
    /// <param name="found">The tables as the load found them.</param>
    public LoadTargets TargetsOf(LoadPlan plan, LoadTargets targets, FoundTables found)
    {
        var replaced = plan.Chains.Where(c => c.Mode.ReplacesAllRows).SelectMany(c => c.Tables).Select(t => t.Table.Name)
            .Where(targets.IsExternal);
        if (EmptiesFirst) return targets with { EmptiedFirst = [.. replaced.Where(t => found.Of(t) is not null)] };
        return setting == HiveReplace.SwapLocation
            ? targets with { Swapped = [.. replaced.Where(t => !targets.Partitions.IsInGlue(t))] }
            : targets;
    }

    /// <summary>Warns of tables that the load does not swap although the setting says so.</summary>
    /// <param name="targets">What the load was to do.</param>
    /// <param name="load">The publish object of the load, which says what it does.</param>
    public void WarnOf(LoadTargets targets, PublishObject load)
    {
        if (setting != HiveReplace.SwapLocation) return;
        foreach (var table in load.Tables.Where(t => t is { IsExternal: true, ReplacesAllRows: true } && !t.IsSwappedBy(load.LoadId)))
        {
            var why = targets.Partitions.IsInGlue(table.Name)
                ? "Glue lists its partitions, each with its own location. To swap it, load it into a new table with hive_partitions = "
                    + "\"projection\"."
                : "another load began before this dataset was swapped for the first time, or an earlier attempt of this load had another "
                    + "setting. The next replace swaps it.";
            warn($"Table '{table.Name}' is replaced as with hive_replace = \"{HiveReplace.DeleteAfter}\", so readers may find old and new "
                + $"rows for a moment: {why}");
        }
    }
}
