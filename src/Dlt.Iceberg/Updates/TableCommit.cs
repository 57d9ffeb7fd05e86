using System.Collections.Immutable;

namespace Dlt.Iceberg;

/// <summary>A new version of a table: what changes, and what must still be true (Iceberg REST catalog specification,
/// CommitTableRequest).</summary>
/// <param name="Updates">The changes, in the order in which they are applied.</param>
/// <param name="Requirements">What the catalog checks on the table as it is then: all must be met, or nothing is changed.</param>
internal sealed record TableCommit(ImmutableArray<TableUpdate> Updates, ImmutableArray<TableRequirement> Requirements)
{
    /// <summary>Makes the commit of updates.</summary>
    /// <param name="basis">The table that they were prepared on.</param>
    /// <param name="updates">The updates of all actions of a transaction.</param>
    public static TableCommit Of(TableMetadata basis, IEnumerable<TableUpdate> updates)
    {
        var net = Net(basis, [.. updates]);
        return new(net, TableRequirements.Of(basis, net));
    }

    /// <summary>Tells whether all requirements are met.</summary>
    public bool IsAllowedBy(TableMetadata metadata) => Requirements.All(r => r.IsMetBy(metadata));

    /// <summary>
    /// Leaves out what nobody will see: of several changes of a branch or tag only the last counts, so that the log of main has no snapshot
    /// that was main's within the commit only (Iceberg table specification, snapshot-log).
    /// </summary>
    private static ImmutableArray<TableUpdate> Net(TableMetadata basis, ImmutableArray<TableUpdate> updates)
    {
        var known = new HashSet<string>(StringComparer.Ordinal);
        var net = new Stack<TableUpdate>();
        foreach (var update in updates.Reverse())
        {
            if (RefOf(update) is { } name)
            {
                if (!known.Add(name)) continue;
                if (update is TableUpdate.RemoveSnapshotRef && !basis.Refs.ContainsKey(name)) continue;
            }

            net.Push(update);
        }

        return [.. net];
    }

    private static string? RefOf(TableUpdate update) => update switch
    {
        TableUpdate.SetSnapshotRef set => set.RefName,
        TableUpdate.RemoveSnapshotRef removed => removed.RefName,
        _ => null,
    };
}
