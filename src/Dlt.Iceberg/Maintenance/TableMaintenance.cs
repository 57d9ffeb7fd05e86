using System.Collections.Immutable;

namespace Dlt.Iceberg;

/// <summary>Maintains tables: expires snapshots, merges small files, rewrites manifests and removes files that no snapshot needs. Each call
/// loads the current version of the table first.</summary>
public static class TableMaintenance
{
    private static readonly TimeSpan MinOrphanAge = TimeSpan.FromHours(24);
    private static readonly TimeSpan DefaultOrphanAge = TimeSpan.FromDays(3);

    /// <summary>Removes old snapshots and the files that only they needed. Snapshots that a branch, a tag or the table properties
    /// <c>history.expire.*</c> keep stay.</summary>
    /// <param name="table">The table.</param>
    /// <param name="olderThan">Snapshots before this time expire; by default those older than five days.</param>
    /// <param name="retainLast">Number of snapshots that each branch always keeps; 1 by default.</param>
    /// <param name="cancellationToken">Cancels the call. The commit may have been made already, and <see cref="RemoveOrphanFilesAsync"/>
    /// deletes files that are left.</param>
    /// <returns>The table after the commit, and the locations of the deleted files.</returns>
    /// <exception cref="IcebergException">The table property <c>gc.enabled</c> is false, the table was dropped, or a file cannot be read.
    /// No file was deleted.</exception>
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
    /// Merges small data files, and rewrites files with deleted rows or with bounds that other engines misread (<see cref="UnsafeFiles"/>).
    /// The rows stay the same.
    /// </summary>
    /// <param name="table">The table.</param>
    /// <param name="filter">Leaves out files that cannot contain matching rows; null for all files.</param>
    /// <param name="sortBy">Full names of the columns that the rows of each written file are sorted by; null for the sort order of the
    /// table.</param>
    /// <param name="minInputFiles">Number of small files of a partition from which they are merged; 5 by default.</param>
    /// <param name="rewriteAll">True rewrites every file of any size, for example files of an older partition spec or of an older version
    /// of this library.</param>
    /// <param name="cancellationToken">Cancels the rewrite. Nothing is committed.</param>
    /// <exception cref="IcebergException">Another commit removed one of the files or deleted rows of them, or rows cannot be written to the
    /// table.</exception>
    /// <exception cref="ArgumentException">A column of <paramref name="sortBy"/> does not exist.</exception>
    public static async Task<Table> CompactAsync(
        this Table table,
        Filter? filter = null,
        IReadOnlyList<string>? sortBy = null,
        int minInputFiles = CompactionRules.DefaultMinInputFiles,
        bool rewriteAll = false,
        CancellationToken cancellationToken = default)
    {
        var now = await table.ReloadAsync(cancellationToken).ConfigureAwait(false);
        now.Metadata.CheckTakesRows();
        var order = sortBy is { Count: > 0 } ? OrderBy(now, sortBy) : now.Metadata.DefaultSortOrder;
        var compaction = new Compaction(now);
        var rules = new CompactionRules
        {
            Filter = filter ?? Filter.True,
            MinInputFiles = minInputFiles,
            RewriteAll = rewriteAll,
        };
        var choice = await compaction.ChooseAsync(rules, cancellationToken).ConfigureAwait(false);
        foreach (var batch in choice.Batches(long.MaxValue))
            now = await compaction.RewriteAsync(now.NewTransaction(), batch, order, cancellationToken).ConfigureAwait(false);
        return now;
    }

    /// <summary>Rewrites the manifests so that files of one partition are adjacent, and drops manifests without live files. Data files do
    /// not change.</summary>
    /// <exception cref="IcebergException">Snapshots cannot be added to the table, or it was dropped.</exception>
    public static async Task<Table> RewriteManifestsAsync(this Table table, CancellationToken cancellationToken = default)
    {
        var now = await table.ReloadAsync(cancellationToken).ConfigureAwait(false);
        return await now.NewTransaction().Add(new RewriteManifestsAction()).CommitAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// Removes partition specs that no snapshot uses from the metadata. Then their columns can be dropped and the names of their fields
    /// used again. To free the older specs first, call <see cref="CompactAsync"/> with <c>rewriteAll</c>,
    /// <see cref="RewriteManifestsAsync"/> and <see cref="ExpireSnapshotsAsync"/>.
    /// </summary>
    /// <exception cref="IcebergException">A manifest list cannot be read, or the table was dropped. Nothing was changed.</exception>
    public static async Task<Table> RemoveUnusedSpecsAsync(this Table table, CancellationToken cancellationToken = default)
    {
        var now = await table.ReloadAsync(cancellationToken).ConfigureAwait(false);
        return await now.NewTransaction().Add(new RemoveUnusedSpecsAction()).CommitAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Deletes files in the folders of the table that its metadata does not name: leftovers of failed or killed writers. It
    /// refuses folders that several tables share.</summary>
    /// <param name="table">The table.</param>
    /// <param name="olderThan">Only files written before this time are deleted; by default three days ago. Files of the last 24 hours
    /// always stay.</param>
    /// <param name="dryRun">True returns the files without deleting them.</param>
    /// <param name="cancellationToken">Cancels the call. Some files may have been deleted already.</param>
    /// <returns>The locations of the files that were, or would be, deleted.</returns>
    /// <exception cref="IcebergException">The table property <c>gc.enabled</c> is false, the table was dropped, another table shares its
    /// folders, or a file cannot be read. Nothing was deleted.</exception>
    /// <exception cref="InvalidOperationException">The table was opened by its metadata file, which does not show later
    /// commits.</exception>
    public static async Task<IReadOnlyList<string>> RemoveOrphanFilesAsync(
        this Table table, DateTimeOffset? olderThan = null, bool dryRun = false, CancellationToken cancellationToken = default)
    {
        var catalog = table.Catalog ?? throw new InvalidOperationException(
            $"'{table.Name}' was opened by its metadata file, which does not show later commits. Nothing was deleted. "
            + "Load the table from its catalog.");
        var time = catalog.Time.GetUtcNow();
        var before = olderThan ?? time - DefaultOrphanAge;
        if (before > time - MinOrphanAge) before = time - MinOrphanAge;   // younger files may belong to a commit in progress
        var (now, orphans) = await new OrphanRemoval(table).FindAsync(before, cancellationToken).ConfigureAwait(false);
        if (!dryRun) await now.Files.DeleteAsync(orphans, cancellationToken).ConfigureAwait(false);
        return orphans;
    }

    /// <summary>Returns the order of the table with the same fields, or else a new order.</summary>
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
