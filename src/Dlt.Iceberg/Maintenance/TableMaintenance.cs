using System.Collections.Immutable;

namespace Dlt.Iceberg;

/// <summary>Keeps tables small and fast: expires snapshots, joins small files and manifests, removes what no snapshot needs. Each call
/// works on the table as its catalog has it now, whenever the object was loaded.</summary>
public static class TableMaintenance
{
    private const int MinInputFiles = 5;
    private static readonly TimeSpan MinOrphanAge = TimeSpan.FromHours(24);
    private static readonly TimeSpan DefaultOrphanAge = TimeSpan.FromDays(3);

    /// <summary>Removes old snapshots, and the files that only they needed. Branches, tags and the table's
    /// properties <c>history.expire.*</c> keep theirs.</summary>
    /// <param name="table">The table.</param>
    /// <param name="olderThan">Snapshots before this time go; those older than five days by default.</param>
    /// <param name="retainLast">So many of each branch stay in any case; one by default.</param>
    /// <param name="cancellationToken">Stops; the commit is then made or not, and files may be left to
    /// <see cref="RemoveOrphanFilesAsync"/>.</param>
    /// <returns>The table, and the files that were deleted.</returns>
    /// <exception cref="IcebergException">The table forbids it, was dropped, or a file cannot be read; nothing is deleted then.</exception>
    public static async Task<(Table Table, IReadOnlyList<string> DeletedFiles)> ExpireSnapshotsAsync(
        this Table table, DateTimeOffset? olderThan = null, int? retainLast = null, CancellationToken cancellationToken = default)
    {
        var now = await table.ReloadAsync(cancellationToken).ConfigureAwait(false);
        var expire = new ExpireSnapshotsAction(olderThan, retainLast);
        var after = await now.NewTransaction().Add(expire).CommitAsync(cancellationToken).ConfigureAwait(false);
        if (expire.Basis is not { } before || before.Snapshots.Length == after.Metadata.Snapshots.Length) return (after, []);
        return (after, await SnapshotExpiry.DeleteFilesAsync(after.Files, before, after.Metadata, cancellationToken).ConfigureAwait(false));
    }

    /// <summary>
    /// Joins small data files, and writes those again that have deletes, or bounds that other engines misread (<see cref="UnsafeFiles"/>).
    /// The rows stay the same.
    /// </summary>
    /// <param name="table">The table.</param>
    /// <param name="filter">Only files that may have rows such as these; all by default.</param>
    /// <param name="sortBy">Full names of the columns that the rows of each written file are sorted by; the table's sort order by
    /// default.</param>
    /// <param name="minInputFiles">So many small files of a partition are worth it; five by default.</param>
    /// <param name="rewriteAll">True: every file is written again, whatever its size: for files of an older partition spec, or by an older
    /// version of this library.</param>
    /// <param name="cancellationToken">Stops; nothing is committed then.</param>
    /// <exception cref="IcebergException">Another commit removed one of the files, or deleted rows of them; or the table takes no
    /// rows.</exception>
    /// <exception cref="ArgumentException">There is no column of that name.</exception>
    public static async Task<Table> CompactAsync(
        this Table table,
        Filter? filter = null,
        IReadOnlyList<string>? sortBy = null,
        int minInputFiles = MinInputFiles,
        bool rewriteAll = false,
        CancellationToken cancellationToken = default)
    {
        var now = await table.ReloadAsync(cancellationToken).ConfigureAwait(false);
        now.Metadata.CheckTakesRows();
        var order = sortBy is { Count: > 0 } ? OrderBy(now, sortBy) : now.Metadata.DefaultSortOrder;
        var compaction = new Compaction(now);
        var chosen = await compaction.ChooseAsync(filter ?? Filter.True, minInputFiles, rewriteAll, cancellationToken)
            .ConfigureAwait(false);
        return chosen.Count == 0 ? now : await compaction.RewriteAsync(chosen, order, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Writes the manifests again, with the files of a partition side by side, and without those that list removed files only; no
    /// data file changes.</summary>
    /// <exception cref="IcebergException">The table takes no snapshots, or was dropped.</exception>
    public static async Task<Table> RewriteManifestsAsync(this Table table, CancellationToken cancellationToken = default)
    {
        var now = await table.ReloadAsync(cancellationToken).ConfigureAwait(false);
        return await now.NewTransaction().Add(new RewriteManifestsAction()).CommitAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// Takes partition specs out of the metadata that no snapshot uses any more, so that their columns can be dropped and their names used.
    /// Files of older specs are moved to the current one by <see cref="CompactAsync"/> with <c>rewriteAll</c>;
    /// <see cref="RewriteManifestsAsync"/> leaves out the manifests that say so, and
    /// <see cref="ExpireSnapshotsAsync"/> lets older snapshots go.
    /// </summary>
    /// <exception cref="IcebergException">A manifest list cannot be read, or the table was dropped; nothing was changed.</exception>
    public static async Task<Table> RemoveUnusedSpecsAsync(this Table table, CancellationToken cancellationToken = default)
    {
        var now = await table.ReloadAsync(cancellationToken).ConfigureAwait(false);
        return await now.NewTransaction().Add(new RemoveUnusedSpecsAction()).CommitAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Deletes files in the table's folders that nothing of its metadata names: leftovers of writers that ended early.
    /// Never for folders that several tables share.</summary>
    /// <param name="table">The table. Its catalog is asked for what it is now.</param>
    /// <param name="olderThan">Only files written before; three days ago by default, and never less than one day.</param>
    /// <param name="dryRun">True: nothing is deleted.</param>
    /// <param name="cancellationToken">Stops; some may be deleted then.</param>
    /// <returns>The files that were, or would be, deleted.</returns>
    /// <exception cref="IcebergException">The table forbids it (<c>gc.enabled</c>), was dropped, or a file of it cannot be read; nothing
    /// was deleted.</exception>
    /// <exception cref="InvalidOperationException">The table was opened by its metadata file, which does not tell what others committed
    /// since.</exception>
    public static async Task<IReadOnlyList<string>> RemoveOrphanFilesAsync(
        this Table table, DateTimeOffset? olderThan = null, bool dryRun = false, CancellationToken cancellationToken = default)
    {
        var catalog = table.Catalog ?? throw new InvalidOperationException(
            $"'{table.Name}' was opened by its metadata file, which does not tell what others committed since. Nothing was deleted. "
            + "Load the table from its catalog.");
        var time = catalog.Time.GetUtcNow();
        var before = olderThan ?? time - DefaultOrphanAge;
        if (before > time - MinOrphanAge) before = time - MinOrphanAge;   // younger ones may belong to a commit that is being made
        var (now, orphans) = await new OrphanRemoval(table).FindAsync(before, cancellationToken).ConfigureAwait(false);
        if (!dryRun) await now.Files.DeleteAsync(orphans, cancellationToken).ConfigureAwait(false);
        return orphans;
    }

    private static SortOrder OrderBy(Table table, IReadOnlyList<string> columns)
    {
        var fields = ImmutableArray.CreateBuilder<SortField>();
        foreach (var column in columns)
        {
            var field = table.Metadata.CurrentSchema.Find(column)
                ?? throw new ArgumentException($"There is no column '{column}'.", nameof(columns));
            fields.Add(new(field.Id, Transform.Identity));
        }

        var order = new SortOrder(SortOrder.Unsorted.OrderId, fields.ToImmutable());
        SortRules.Check(order.Fields, table.Metadata.CurrentSchema);
        return table.Metadata.SortOrders.FirstOrDefault(o => o.Fields.SequenceEqual(order.Fields)) ?? order;
    }
}
