using System.Collections.Immutable;

namespace Dlt.Iceberg;

/// <summary>Updates that make a new version of a table, and the requirements for them (Iceberg REST catalog specification,
/// CommitTableRequest).</summary>
/// <param name="Updates">The updates in the order in which they are applied.</param>
/// <param name="Requirements">Conditions that the catalog checks on the current version of the table. All must be met, or nothing is
/// changed.</param>
internal sealed record TableCommit(ImmutableArray<TableUpdate> Updates, ImmutableArray<TableRequirement> Requirements)
{
    /// <summary>Creates a commit from updates.</summary>
    /// <param name="basis">Metadata that the updates were prepared on.</param>
    /// <param name="updates">The updates of all actions of a transaction.</param>
    public static TableCommit Of(TableMetadata basis, IEnumerable<TableUpdate> updates)
    {
        var net = Net(basis, [.. updates]);
        return new(net, TableRequirements.Of(basis, net));
    }

    /// <summary>Returns whether metadata meets all requirements.</summary>
    public bool IsAllowedBy(TableMetadata metadata) => Requirements.All(r => r.IsMetBy(metadata));

    /// <summary>
    /// Keeps only the last of several updates of the same branch or tag. So the log of main does not contain a snapshot that main had only
    /// within the commit (Iceberg table specification, snapshot-log).
    /// </summary>
    private static ImmutableArray<TableUpdate> Net(TableMetadata basis, ImmutableArray<TableUpdate> updates)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var net = new Stack<TableUpdate>();
        foreach (var update in updates.Reverse())
        {
            if (RefOf(update) is { } name)
            {
                if (!seen.Add(name)) continue;
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
