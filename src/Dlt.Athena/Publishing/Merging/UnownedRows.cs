using Dlt.Iceberg;
using IcebergTable = Dlt.Iceberg.Table;

namespace Dlt.Destinations.Publishing.Merging;

/// <summary>
/// Chooses the rows of a nested table that a merge removes when nobody knows which root rows an earlier attempt of the load removed: the
/// rows without a root row.
/// </summary>
/// <param name="root">The root table.</param>
/// <param name="load">The load.</param>
/// <param name="newSet">Creates a set of keys.</param>
internal sealed class UnownedRows(MergeTable root, ActiveLoad load, Func<KeySet> newSet) : IDisposable
{
    private KeySet? _owners;

    public void Dispose() => _owners?.Dispose();

    /// <summary>
    /// Adds these rows to a change of a nested table, with a warning. While another load has nested rows that wait for their root rows, the
    /// change stays as it is. Called for each look at the table; the change is valid until the next call.
    /// </summary>
    /// <param name="nested">The nested table.</param>
    /// <param name="leftovers">The change.</param>
    /// <param name="now">The table as it is now.</param>
    /// <param name="cancellationToken">Stops the read.</param>
    public async Task<MergeRequest> AddToAsync(
        MergeTable nested, MergeRequest leftovers, IcebergTable now, CancellationToken cancellationToken)
    {
        if (LinkOf(nested) is not { } link) return leftovers;
        var stored = await root.Stored.ReloadAsync(cancellationToken).ConfigureAwait(false);
        var loadId = load.Plan.LoadId;
        var why = $"The snapshot of table '{stored.Name}' from before load {loadId} has expired, so it is not known which rows an "
            + "earlier run of the load removed. ";
        if (OwnerRows.WaitingLoad(now.Metadata, stored.Metadata, loadId, load.Files.Complete) is { } waiting)
        {
            load.Warn(why + $"Their nested rows stay in '{now.Name}', because load {waiting} is under way there. Remove them later: "
                + $"DELETE FROM {now.Name} WHERE {link.Fields[0].Name} NOT IN (SELECT {root.RowKey.Fields[0].Name} FROM {stored.Name}).");
            return leftovers;
        }

        _owners?.Dispose();
        _owners = newSet();
        var absent = await OwnerRows.AbsentAsync(stored, root.RowKey, link, _owners, cancellationToken).ConfigureAwait(false);
        load.Warn(why + $"The rows of '{now.Name}' without a row there are removed instead.");
        return new() { Removed = new AnyCondition([leftovers.Removed, absent]) };
    }

    /// <summary>The column of a nested table with the id of its root row; null when it has only that of its parent row.</summary>
    private KeyColumns? LinkOf(MergeTable nested) =>
        nested.RootKey ?? (nested.Declared.Parent == root.Declared.Name ? nested.ParentKey : null);
}
