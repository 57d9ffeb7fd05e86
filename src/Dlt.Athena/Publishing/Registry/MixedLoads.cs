using System.Collections.Immutable;
using Dlt.Iceberg;
using Dlt.Packages;

namespace Dlt.Destinations.Publishing;

/// <summary>
/// Loads whose rows a table cannot tell apart any more: a compaction put them into files with rows of other loads, or their snapshots have
/// expired. The table names them in a property, so that a replace which has to keep such rows stops instead of removing them.
/// </summary>
internal static class MixedLoads
{
    /// <summary>
    /// Table property with load ids, separated by spaces: the highest of all such loads, and those that had become complete a short time
    /// before.
    /// </summary>
    public const string Property = "dlt.mixed-loads";

    /// <summary>The load that added the rows of a snapshot; null for none, and for a snapshot that has expired.</summary>
    public static string? LoadOf(Snapshot? snapshot) => snapshot?.Summary.GetValueOrDefault(StepRecord.LoadId);

    /// <summary>Adds loads to the property; null if it stays the same.</summary>
    /// <param name="metadata">The table.</param>
    /// <param name="loads">The loads.</param>
    /// <param name="recentlyComplete">Loads that became complete in the last hour.</param>
    public static TableUpdate? Note(TableMetadata metadata, IEnumerable<string> loads, IReadOnlySet<string> recentlyComplete)
    {
        var all = Of(metadata).Concat(loads).ToHashSet(StringComparer.Ordinal);
        if (all.Max(LoadIdOrder.Instance) is not { } highest) return null;
        var text = string.Join(' ', all.Where(id => id == highest || recentlyComplete.Contains(id)).Order(LoadIdOrder.Instance));
        return text == metadata.Properties.GetValueOrDefault(Property)
            ? null
            : new TableUpdate.SetProperties(
                ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal).Add(Property, text));
    }

    /// <summary>Refuses to replace rows of which some must stay that cannot be told apart.</summary>
    /// <param name="metadata">The table.</param>
    /// <param name="table">Name of the table in messages.</param>
    /// <param name="loads">The load that replaces, and the other loads.</param>
    /// <exception cref="IcebergException">The table has such rows. Nothing was committed.</exception>
    public static void Refuse(TableMetadata metadata, string table, ConcurrentLoads loads)
    {
        var own = loads.Own;
        if (Of(metadata).FirstOrDefault(id => id != own.LoadId && (IsLater(id) || WasUnderWay(id))) is not { } mixed) return;
        throw IcebergException.Illegal(
            $"Load {own.LoadId} is to replace the rows of table '{table}', but not those that load {mixed} added later or at the same "
            + "time. A compaction or the expiry of snapshots has made them one with earlier rows. Nothing of the load was committed to "
            + $"this table, and its package stays pending. Give it up with: dlt pipeline {own.Pipeline ?? "NAME"} abort-packages. Then run "
            + "the pipeline, which extracts the rows again.");

        bool IsLater(string id) => LoadIdOrder.Instance.Compare(id, own.LoadId) > 0;

        // Somebody may have removed old rows of _dlt_loads: a load that nothing else names was complete.
        bool WasUnderWay(string id) => !loads.CompleteBefore.Contains(id)
            && (own.UnderWay?.Contains(id) == true || loads.Others.ContainsKey(id));
    }

    private static string[] Of(TableMetadata metadata) =>
        metadata.Properties.GetValueOrDefault(Property)?.Split(' ', StringSplitOptions.RemoveEmptyEntries) ?? [];
}
