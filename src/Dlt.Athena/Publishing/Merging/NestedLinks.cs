using Dlt.Iceberg;
using IcebergTable = Dlt.Iceberg.Table;

namespace Dlt.Destinations.Publishing.Merging;

/// <summary>
/// Finds the nested rows of root rows: by the id of the root row, or by the ids of their parents where a row has none, because the table
/// had no such column when the row was added.
/// </summary>
/// <param name="root">The root table.</param>
/// <param name="nested">The nested tables.</param>
/// <param name="current">Returns a table as the merge has left it so far.</param>
/// <param name="newSet">Creates a set of keys.</param>
internal sealed class NestedLinks(
    MergeTable root, IReadOnlyList<MergeTable> nested, Func<MergeTable, IcebergTable> current, Func<KeySet> newSet) : IDisposable
{
    private readonly List<KeySet> _parents = [];

    public void Dispose()
    {
        foreach (var keys in _parents) keys.Dispose();
    }

    /// <summary>Matches the rows of a nested table that belong to root rows. Rows of its parent tables must not be removed yet.</summary>
    /// <param name="table">The nested table.</param>
    /// <param name="roots">Ids of root rows, in one or several sets.</param>
    /// <param name="cancellationToken">Stops the search.</param>
    /// <exception cref="SchemaException">No column of the table leads to the root.</exception>
    public async Task<RowCondition> OfAsync(MergeTable table, IReadOnlyList<KeySet> roots, CancellationToken cancellationToken)
    {
        if (table.ParentKey is not { } parentKey) return AnyOf(table.RootKey ?? throw NoLink(table, root), roots);
        if (table.RootKey is not { } rootKey)
            return AnyOf(parentKey, await ParentsAsync(table, roots, cancellationToken).ConfigureAwait(false));
        var byRoot = AnyOf(rootKey, roots);
        var field = rootKey.Fields[0];
        var lacksRoot = new FilterCondition(
            new BoundFilter(FilterOperation.IsNull, field, (PrimitiveType)field.Type, []), table.Stored.Metadata.CurrentSchema);
        if (!await MayMatchAsync(table, lacksRoot, cancellationToken).ConfigureAwait(false)) return byRoot;
        var parents = await ParentsAsync(table, roots, cancellationToken).ConfigureAwait(false);
        return new AnyCondition([byRoot, new AllCondition([lacksRoot, AnyOf(parentKey, parents)])]);
    }

    /// <summary>The error about a nested table without a column that leads to the root.</summary>
    public static SchemaException NoLink(MergeTable table, MergeTable root) => new(
        $"Table '{table.Declared.Name}' has no column with the id of its root row in '{root.Declared.Name}' or of its parent row, so its "
        + "rows cannot be merged. The package stays pending. Set root_key = true for the source, and load all rows again.")
    { Table = table.Declared.Name };

    /// <summary>Ids of the parent rows of a nested table.</summary>
    private async Task<IReadOnlyList<KeySet>> ParentsAsync(
        MergeTable table, IReadOnlyList<KeySet> roots, CancellationToken cancellationToken)
    {
        if (table.Declared.Parent == root.Declared.Name) return roots;
        var parent = nested.First(t => t.Declared.Name == table.Declared.Parent);
        var keys = newSet();
        _parents.Add(keys);
        var rows = new MergeRequest
        {
            Removed = await OfAsync(parent, roots, cancellationToken).ConfigureAwait(false),
            Seen = [.. parent.RowKey.Fields],
            OnRemoved = (batch, isOfRoots) =>
            {
                var ids = new RowHashes(batch, parent.RowKey);
                for (var i = 0; i < batch.Rows; i++)
                    if (isOfRoots[i]) keys.Add(ids.Of(i));
            },
        };
        await new MergeScan(current(parent), rows).RunAsync(cancellationToken).ConfigureAwait(false);
        return [keys];
    }

    private async Task<bool> MayMatchAsync(MergeTable table, RowCondition condition, CancellationToken cancellationToken)
    {
        var stored = current(table);
        await foreach (var task in stored.Scan().PlanFilesAsync(cancellationToken).ConfigureAwait(false))
            if (condition.MayMatch(stored.Metadata, task.File)) return true;
        return false;
    }

    private static AnyCondition AnyOf(KeyColumns columns, IEnumerable<KeySet> sets) =>
        new([.. sets.Select(keys => new KeyCondition(columns, keys))]);
}
