using System.Collections.Concurrent;
using System.Collections.Immutable;
using Dlt.Destinations.Settings;
using Dlt.Destinations.Tables;
using Dlt.Lake;
using Dlt.Packages;
using Dlt.Storage;

namespace Dlt.Destinations.Publishing;

/// <summary>
/// Keeps the files of a load where its external tables read them, while this load or others swap the LOCATION of a table. A load looks at
/// the LOCATION after its files are recorded as staged, and a swap looks for the files of staged loads afterwards: one of the two finds
/// the other. Every call may be repeated, also by another process.
/// </summary>
/// <param name="registry">Lists the other loads.</param>
/// <param name="gathering">Moves files.</param>
/// <param name="locations">Reads and changes the LOCATION of tables.</param>
/// <param name="atStart">The other loads, as seen when this load began.</param>
internal sealed class SwappedTables(
    LoadRegistry registry, FileGathering gathering, TableLocations locations, ConcurrentLoads atStart)
{
    private readonly ConcurrentDictionary<string, string> _folders = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, bool> _lost = new(StringComparer.Ordinal);
    private readonly Lock _lock = new();
    private Task<ImmutableDictionary<string, GlueTable>>? _found;

    /// <summary>What becomes of a file of a table that the load has swapped.</summary>
    private enum Fate
    {
        /// <summary>It stays where it is: it is in the folder of the load, or its own load moves it.</summary>
        Stays,

        /// <summary>It belongs into the folder of the load.</summary>
        Moves,

        /// <summary>Its rows are replaced.</summary>
        Goes,
    }

    private PublishObject Own => atStart.Own;

    /// <summary>True when a later load has swapped a table that this load replaces: the rows of this load are not in it.</summary>
    public bool IsLost(string table) => _lost.ContainsKey(table);

    /// <summary>Where a file of the load is, which was uploaded to a location.</summary>
    public ObjectLocation At(string table, ObjectLocation uploaded) => _folders.TryGetValue(table, out var folder)
        ? uploaded with { Key = SwapFolder.In(uploaded.Key, registry.FolderOf(table).Key, folder) }
        : uploaded;

    /// <summary>
    /// Moves the files of the load to the folder that a table reads from, if it is another one than that of the upload. Deletes them if a
    /// later load has swapped the table that this one replaces.
    /// </summary>
    /// <returns>False when a later load has replaced the table.</returns>
    /// <exception cref="DltException">Others changed the LOCATION each time.</exception>
    public async Task<bool> FollowAsync(string table, CancellationToken cancellationToken)
    {
        if (Own.Of(table) is not { } own) return true;
        var root = registry.FolderOf(table);
        var folder = locations.FolderOf(table, (await FoundAsync(cancellationToken).ConfigureAwait(false)).GetValueOrDefault(table));
        for (var attempt = 1; attempt <= TableLocations.MaxAttempts; attempt++)
        {
            if (own.ReplacesAllRows && await LosesAsync(own, folder, cancellationToken).ConfigureAwait(false)) return false;
            if (attempt == 1 && folder == (own.Folder ?? root.Key)) return true;
            var current = folder;
            var isMoved = await gathering.MoveAsync(
                root,
                folder,
                await gathering.ListAsync(root, cancellationToken).ConfigureAwait(false),
                file => own.Has(file.Location.Key),
                async token => (current = await ReadAsync(table, token).ConfigureAwait(false)) == folder,
                cancellationToken).ConfigureAwait(false);
            if (isMoved)
            {
                _folders[table] = folder;
                return true;
            }

            folder = current;
        }

        throw Contended(table);
    }

    /// <summary>Makes the folder of the load that of a table, unless a later load has replaced the table.</summary>
    /// <param name="table">A table that the load swaps; its files are uploaded.</param>
    /// <param name="loads">The other loads after all uploads of this one.</param>
    /// <param name="cancellationToken">Stops; the table may or may not be swapped.</param>
    /// <returns>False when a later load has replaced the table.</returns>
    /// <exception cref="DltException">The table is gone, reads from elsewhere, or others changed it each time.</exception>
    public async Task<bool> SwapAsync(string table, ConcurrentLoads loads, CancellationToken cancellationToken)
    {
        var (own, root) = (Own.Of(table)!, registry.FolderOf(table));
        IReadOnlyList<(ObjectInfo File, string Copy)>? copies = null;
        var stored = (await FoundAsync(cancellationToken).ConfigureAwait(false)).GetValueOrDefault(table);
        for (var attempt = 1; ; attempt++)
        {
            if (stored is null || !DatasetLocations.IsOf(stored.Location, root.ToString()))
            {
                Forget();
                throw Moved(table, stored);
            }

            var folder = locations.FolderOf(table, stored);
            if (folder == own.Folder) return true;
            if (await LosesAsync(own, folder, cancellationToken).ConfigureAwait(false))
            {
                await registry.RemoveAsync([.. copies?.Select(c => c.Copy) ?? []], cancellationToken).ConfigureAwait(false);
                return false;
            }

            if (copies is null && loads.HasConcurrentLoads)
            {
                // Rows of other loads are in the new folder too before it is read, so that no reader misses them.
                var listed = await gathering.ListAsync(root, cancellationToken).ConfigureAwait(false);
                loads = await registry.RefreshAsync(atStart, cancellationToken).ConfigureAwait(false);
                var loadIdOf = registry.LoadIdsOf(table);
                var moved = listed.Where(f => FateOf(loads, table, f, loadIdOf) == Fate.Moves);
                copies = await gathering.CopyAsync(root, own.Folder!, listed, moved, cancellationToken).ConfigureAwait(false);
            }

            if (await locations.TryChangeAsync(stored, own.Folder!, attempt, cancellationToken).ConfigureAwait(false)) return true;
            stored = await locations.ReadAsync(table, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>
    /// Deletes the files that the swaps of the load have replaced, and moves files of other loads that stay. Call it after all swaps,
    /// before the load is complete.
    /// </summary>
    /// <param name="name">The table; null for all that the load swaps.</param>
    /// <param name="cancellationToken">Stops; some files may remain, and a repeated call goes on.</param>
    public async Task FinishAsync(string? name, CancellationToken cancellationToken)
    {
        var tables = Own.Tables.Where(t => t.IsSwappedBy(Own.LoadId) && !IsLost(t.Name) && (name is null || t.Name == name)).ToList();
        if (tables.Count == 0) return;
        var listed = new List<IReadOnlyList<ObjectInfo>>();
        foreach (var table in tables)
            listed.Add(await gathering.ListAsync(registry.FolderOf(table.Name), cancellationToken).ConfigureAwait(false));
        // After the listing: of each file that is listed, the state of its load is known.
        var loads = await registry.RefreshAsync(atStart, cancellationToken).ConfigureAwait(false);
        foreach (var (table, files) in tables.Zip(listed))
            await FinishAsync(table, files, loads, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// Moves the files that stay after a table was dropped to the folder of the table itself, where it is created again. Files of loads
    /// that are not staged stay where they are: those loads move them.
    /// </summary>
    public async Task ReturnAsync(string table, CancellationToken cancellationToken)
    {
        var root = registry.FolderOf(table);
        var listed = await gathering.ListAsync(root, cancellationToken).ConfigureAwait(false);
        var loads = await registry.RefreshAsync(atStart, cancellationToken).ConfigureAwait(false);
        var loadIdOf = registry.LoadIdsOf(table);
        await gathering.MoveAsync(
            root,
            root.Key,
            listed,
            file => ReplaceRule.Moves(loads, table, file.Location.Key, loadIdOf(file.Location.Key), ofSwaps: true),
            async token => await ReadAsync(table, token).ConfigureAwait(false) == root.Key,
            cancellationToken).ConfigureAwait(false);
    }

    private static Fate FateOf(ConcurrentLoads loads, string table, ObjectInfo file, Func<string, string?> loadIdOf)
    {
        var key = file.Location.Key;
        var loadId = loadIdOf(key);
        if (ReplaceRule.Removes(loads, table, key, loadId, file.LastModified)
            || ReplaceRule.IsRemovedByOther(loads, table, key, loadId)) return Fate.Goes;
        return ReplaceRule.Moves(loads, table, key, loadId) ? Fate.Moves : Fate.Stays;
    }

    private async Task FinishAsync(
        PublishedTable table, IReadOnlyList<ObjectInfo> listed, ConcurrentLoads loads, CancellationToken cancellationToken)
    {
        var isSuperseded = ReplaceRule.Superseding(loads, table.Name) is not null;
        if (isSuperseded && await ReadAsync(table.Name, cancellationToken).ConfigureAwait(false) != table.Folder) return;
        for (var attempt = 1; attempt <= TableLocations.MaxAttempts; attempt++)
        {
            if (await TryFinishAsync(table, listed, loads, cancellationToken).ConfigureAwait(false)) return;
            // Another load has swapped the table, or dropped it and created it again.
            var current = await ReadAsync(table.Name, cancellationToken).ConfigureAwait(false);
            if (isSuperseded || await LosesAsync(table, current, cancellationToken).ConfigureAwait(false)) return;
            Forget();
            if (!await SwapAsync(table.Name, loads, cancellationToken).ConfigureAwait(false)) return;
            listed = await gathering.ListAsync(registry.FolderOf(table.Name), cancellationToken).ConfigureAwait(false);
            loads = await registry.RefreshAsync(atStart, cancellationToken).ConfigureAwait(false);
            isSuperseded = ReplaceRule.Superseding(loads, table.Name) is not null;
        }

        throw Contended(table.Name);
    }

    /// <summary>Deletes and moves the files of a table that reads the folder of this load; false when it does not.</summary>
    private async Task<bool> TryFinishAsync(
        PublishedTable table, IReadOnlyList<ObjectInfo> listed, ConcurrentLoads loads, CancellationToken cancellationToken)
    {
        var loadIdOf = registry.LoadIdsOf(table.Name);
        var fates = listed.ToLookup(f => FateOf(loads, table.Name, f, loadIdOf));
        var root = registry.FolderOf(table.Name);
        var copies = await gathering.CopyAsync(root, table.Folder!, listed, fates[Fate.Moves], cancellationToken).ConfigureAwait(false);
        var removed = fates[Fate.Goes].Select(f => f.Location.Key).ToList();
        if (copies.Count > 0)
        {
            // A replace that was staged meanwhile may have deleted a file before its copy was made.
            var now = await registry.RefreshAsync(atStart, cancellationToken).ConfigureAwait(false);
            removed.AddRange(copies.Select(c => c.Copy).Where(k => ReplaceRule.IsRemovedByOther(now, table.Name, k, loadIdOf(k))));
        }

        if (await ReadAsync(table.Name, cancellationToken).ConfigureAwait(false) != table.Folder) return false;
        await registry.RemoveAsync([.. copies.Select(c => c.File.Location.Key), .. removed], cancellationToken).ConfigureAwait(false);
        return true;
    }

    /// <summary>
    /// True when a later load has swapped the table to a folder. The files of this load are then deleted, and those that it replaces. The
    /// loads are read for that: the later one may have begun since.
    /// </summary>
    private async Task<bool> LosesAsync(PublishedTable own, string folder, CancellationToken cancellationToken)
    {
        if (SwapFolder.LoadIdOf(folder) is not { } other || LoadIdOrder.Instance.Compare(other, Own.LoadId) <= 0) return false;
        var loads = await registry.RefreshAsync(atStart, cancellationToken).ConfigureAwait(false);
        if (!ReplaceRule.IsSwappedByLater(loads, folder)) return false;
        _lost[own.Name] = true;
        var root = registry.FolderOf(own.Name);
        var listed = await gathering.ListAsync(root, cancellationToken).ConfigureAwait(false);
        var loadIdOf = registry.LoadIdsOf(own.Name);
        bool Removes(ObjectInfo file) =>
            ReplaceRule.Removes(loads, own.Name, file.Location.Key, loadIdOf(file.Location.Key), file.LastModified);
        var removed = listed.Where(f => own.Has(f.Location.Key) || Removes(f));
        await registry.RemoveAsync([.. removed.Select(f => f.Location.Key)], cancellationToken).ConfigureAwait(false);
        return true;
    }

    private async Task<string> ReadAsync(string table, CancellationToken cancellationToken) =>
        locations.FolderOf(table, await locations.ReadAsync(table, cancellationToken).ConfigureAwait(false));

    /// <summary>The external tables of the load after all its uploads, read once for all; again after a failure.</summary>
    private Task<ImmutableDictionary<string, GlueTable>> FoundAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (_found is { IsFaulted: false, IsCanceled: false } known) return known;
            List<string> names = [.. Own.Tables.Where(t => t.IsExternal).Select(t => t.Name)];
            return _found = locations.FindAsync(names, cancellationToken);
        }
    }

    private void Forget()
    {
        lock (_lock) _found = null;
    }

    private DltException Contended(string table) => new(
        $"Other loads changed the LOCATION of table '{table}' while load {Own.LoadId} moved its files there, {TableLocations.MaxAttempts} "
        + "times. The load is not complete; the package stays pending. Run again when no other run replaces this table.")
    { IsTransient = true };

    private DltException Moved(string table, GlueTable? stored)
    {
        var what = stored is null
            ? "was dropped"
            : $"reads from {stored.Location}, which is not below {registry.FolderOf(table)}";
        return new($"Table '{table}' {what}, so load {Own.LoadId} cannot replace its rows. The load is not complete; the package stays "
            + "pending. Run again: the next run creates the table, or says how to correct it.")
        { IsTransient = true };
    }
}
