using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using Dlt.Destinations.Publishing.Merging;
using Dlt.Destinations.Tables;
using Dlt.Iceberg;
using Dlt.Schemas;
using IcebergTable = Dlt.Iceberg.Table;

namespace Dlt.Destinations.Deletion;

/// <summary>
/// Deletes the rows of a root table that a condition matches, and then their nested rows. Each table changes in one snapshot. A call that
/// was interrupted is repeated: the ids of root rows that are gone already are in the snapshot before.
/// </summary>
internal sealed class RowDeletion : IDisposable
{
    /// <summary>
    /// Summary key of a deletion's snapshot: a hash of table and condition, which shows nothing of the condition's values.
    /// </summary>
    private const string Deletion = "dlt.deletion";

    private const int MaxPlans = 20;

    private readonly DeletionChain _chain;
    private readonly string _mark;
    private readonly Filter _where;
    private readonly List<KeySet> _gone = [];
    private readonly KeySet _kept = new();

    /// <param name="chain">The tables.</param>
    /// <param name="where">The condition on the root table.</param>
    /// <exception cref="SchemaException">The condition cannot be parsed, or names a column that the table lacks.</exception>
    public RowDeletion(DeletionChain chain, string where)
    {
        _chain = chain;
        var root = chain.Tables[0];
        try
        {
            _where = Filter.Parse(where);
            FilterBinder.Bind(_where, root.Stored.Metadata.CurrentSchema);
        }
        catch (Exception error) when (error is FormatException or ArgumentException)
        {
            throw new SchemaException(
                $"'{where}' does not select rows of table '{root.Declared.Name}': {error.Message.TrimEnd('.')}. Nothing was deleted. Write "
                + "comparisons of its columns with constants, such as id = 7 or email = 'a@b.c'.", error)
            { Table = root.Declared.Name };
        }

        _mark = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{root.Declared.Name}\n{where}")));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _gone.ForEach(g => g.Dispose());
        _kept.Dispose();
    }

    /// <summary>Counts the rows. Nothing is changed.</summary>
    public async Task<ImmutableArray<DeletedTableRows>> FindAsync(CancellationToken cancellationToken)
    {
        var found = ImmutableArray.CreateBuilder<DeletedTableRows>();
        for (var i = 0; i < _chain.Tables.Count; i++)
        {
            var stored = _chain.Tables[i].Stored;
            var files = await new MergeScan(stored, ChangeOf(i)).RunAsync(cancellationToken).ConfigureAwait(false);
            if (i == 0) await FindDeletedAsync(stored, cancellationToken).ConfigureAwait(false);
            found.Add(new(_chain.Tables[i].Declared.Name, files.Sum(f => (long)f.Removed.Count), SnapshotsOf(stored)));
        }

        return found.ToImmutable();
    }

    /// <summary>Deletes the rows, those of the root table first.</summary>
    /// <param name="purges">True: snapshots that hold the rows expire, with their files.</param>
    /// <param name="cancellationToken">Stops; some tables may have lost their rows, and a repeated call goes on.</param>
    /// <returns>The deleted rows by table, with the snapshots that still hold them.</returns>
    public async Task<ImmutableArray<DeletedTableRows>> DeleteAsync(bool purges, CancellationToken cancellationToken)
    {
        var changed = new List<(IcebergTable After, long Rows)>();
        for (var i = 0; i < _chain.Tables.Count; i++)
        {
            changed.Add(await DeleteAsync(i, cancellationToken).ConfigureAwait(false));
            if (i == 0) await FindDeletedAsync(changed[0].After, cancellationToken).ConfigureAwait(false);
        }

        // Not before: a repeated call finds the ids of root rows in the snapshots.
        var deleted = ImmutableArray.CreateBuilder<DeletedTableRows>();
        for (var i = 0; i < _chain.Tables.Count; i++)
        {
            var (after, rows) = changed[i];
            if (purges)
            {
                (after, _) = await after.ExpireSnapshotsAsync(DateTimeOffset.MaxValue, retainLast: 1, cancellationToken)
                    .ConfigureAwait(false);
            }

            var older = after.Metadata.Snapshots.Select(s => s.SnapshotId).Where(id => id != after.Metadata.CurrentSnapshot?.SnapshotId);
            deleted.Add(new(_chain.Tables[i].Declared.Name, rows, [.. older]));
        }

        return deleted.ToImmutable();
    }

    private static ImmutableArray<long> SnapshotsOf(IcebergTable table) => [.. table.Metadata.Snapshots.Select(s => s.SnapshotId)];

    private async Task<(IcebergTable After, long Rows)> DeleteAsync(int index, CancellationToken cancellationToken)
    {
        var stored = _chain.Tables[index].Stored;
        for (var attempt = 1; ; attempt++)
        {
            var plan = await new TableMerge(stored).PlanAsync(ChangeOf(index), cancellationToken).ConfigureAwait(false);
            if (plan.IsEmpty) return (stored, 0);
            try
            {
                var action = plan.ToAction(new Dictionary<string, string> { [Deletion] = _mark });
                return (await stored.NewTransaction().Add(action).CommitAsync(cancellationToken).ConfigureAwait(false), plan.Removed);
            }
            catch (IcebergException error) when (error.Error != IcebergError.CommitStateUnknown)
            {
                await plan.DiscardAsync(stored.Files).ConfigureAwait(false);
                if (error.Error != IcebergError.Conflict || attempt == MaxPlans) throw;
                stored = await stored.ReloadAsync(cancellationToken).ConfigureAwait(false);
            }
        }
    }

    /// <summary>The rows of one table that go. The ids of those of each table select those of the tables below it.</summary>
    private MergeRequest ChangeOf(int index)
    {
        var table = _chain.Tables[index];
        if (_gone.Count > index)
        {
            _gone[index].Dispose();
            _gone.RemoveAt(index);
        }

        var own = new KeySet();
        _gone.Insert(index, own);
        var id = IdOf(table);
        return new()
        {
            Removed = index == 0 ? FilterCondition.Of(_where, table.Stored.Metadata.CurrentSchema) : OfNested(table),
            Seen = id is null ? [] : [.. id.Fields],
            OnRemoved = id is null ? null : (batch, isRemoved) => Note(own, id, batch, isRemoved),
        };
    }

    private RowCondition OfNested((TableSchema Declared, IcebergTable Stored) table)
    {
        // Rows that came before the table was merged have no root id, and are found by their parents.
        var links = new List<RowCondition>();
        if (DeletionChain.Columns(table, "root_key") is { } root) links.Add(WithoutKept(root, _gone[0], isOfRoot: true));
        var parent = _chain.Tables.Select(t => t.Declared.Name).ToList().IndexOf(table.Declared.Parent!);
        if (DeletionChain.Columns(table, "parent_key") is { } key && parent >= 0)
            links.Add(WithoutKept(key, _gone[parent], isOfRoot: parent == 0));
        return new AnyCondition([.. links]);
    }

    /// <summary>Nested rows stay while a root row with their id does.</summary>
    private RowCondition WithoutKept(KeyColumns link, KeySet gone, bool isOfRoot)
    {
        var condition = new KeyCondition(link, gone);
        return isOfRoot && _kept.Count > 0
            ? new AllCondition([condition, new NotCondition(new KeyCondition(link, _kept))]) : condition;
    }

    /// <summary>The column with the ids of rows; null when the table has none.</summary>
    private static KeyColumns? IdOf((TableSchema Declared, IcebergTable Stored) table) =>
        RowOwner.RowKeyOf(table.Declared) is { } key
            && IcebergTableCheck.FieldOf(table.Stored.Metadata.CurrentSchema, key, table.Declared, table.Stored) is { } field
            ? new([field]) : null;

    /// <summary>
    /// Notes the ids of root rows that stay. A deleted row can have the id of one: of another version, or of one that was loaded again.
    /// </summary>
    private async Task KeepIdsAsync(IcebergTable root, KeyColumns id, CancellationToken cancellationToken)
    {
        var rest = new MergeRequest
        {
            Removed = new NotCondition(FilterCondition.Of(_where, root.Metadata.CurrentSchema)),
            Seen = [.. id.Fields],
            OnRemoved = (batch, isKept) => Note(_kept, id, batch, isKept),
        };
        await new MergeScan(root, rest).RunAsync(cancellationToken).ConfigureAwait(false);
    }

    private static void Note(KeySet ids, KeyColumns id, RowBatch batch, ReadOnlySpan<bool> isRemoved)
    {
        var hashes = new RowHashes(batch, id);
        for (var i = 0; i < batch.Rows; i++)
            if (isRemoved[i]) ids.Add(hashes.Of(i));
    }

    /// <summary>Notes the ids of root rows that an interrupted call has deleted.</summary>
    private async Task FindDeletedAsync(IcebergTable root, CancellationToken cancellationToken)
    {
        if (IdOf(_chain.Tables[0]) is not { } id) return;
        var parents = root.Metadata.Snapshots.Where(s => s.Summary.GetValueOrDefault(Deletion) == _mark)
            .Select(s => s.ParentSnapshotId is { } parent ? root.Metadata.Find(parent) : null).OfType<Snapshot>().ToList();
        var hasVersions = _chain.Tables[0].Declared.CompleteColumns.Any(c => c.Has(HintNames.ValidTo));
        if (hasVersions || parents.Count > 0) await KeepIdsAsync(root, id, cancellationToken).ConfigureAwait(false);
        foreach (var parent in parents)
        {
            var request = new MergeRequest
            {
                Removed = FilterCondition.Of(_where, root.Metadata.CurrentSchema),
                Seen = [.. id.Fields],
                OnRemoved = (batch, isRemoved) => Note(_gone[0], id, batch, isRemoved),
            };
            await new MergeScan(root, request) { Rows = root.Scan().UseSnapshot(parent.SnapshotId) }.RunAsync(cancellationToken)
                .ConfigureAwait(false);
        }
    }
}
