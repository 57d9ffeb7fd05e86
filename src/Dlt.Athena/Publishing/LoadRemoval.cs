using Dlt.Destinations.Publishing.Merging;
using Dlt.Destinations.Staging;
using Dlt.Destinations.Tables;
using Dlt.Iceberg;
using Dlt.Storage;

namespace Dlt.Destinations.Publishing;

/// <summary>
/// Removes what a load has written that was begun and not completed. Its publish object is marked first, under the condition that the load
/// has not written it since: a process that wakes up then fails to record its files as staged. The object goes last, so an interrupted
/// removal is repeated.
/// </summary>
/// <param name="registry">The publish objects, and the folders of tables.</param>
/// <param name="objects">The store.</param>
/// <param name="dataset">Folder of the dataset.</param>
/// <param name="staged">Removes staged files of Iceberg tables, and opens the tables.</param>
/// <param name="merges">Takes nested rows of merges back.</param>
/// <param name="partitions">The partitions that Glue lists.</param>
internal sealed class LoadRemoval(
    LoadRegistry registry, IObjectStore objects, ObjectLocation dataset, AbandonedFiles staged, MergeRemoval merges,
    IListedPartitions partitions)
{
    private readonly PublishFolder _folder = registry.Folder;

    /// <summary>State of a table after the removal.</summary>
    private enum Remains
    {
        /// <summary>The rows of other loads, as before the load.</summary>
        Others,

        /// <summary>The rows of the load, which have replaced the earlier ones.</summary>
        Own,

        /// <summary>No rows: the load had removed the earlier ones.</summary>
        Nothing,
    }

    /// <summary>Removes a load; does nothing if it has no publish object.</summary>
    /// <exception cref="DltException">Another process goes on with the load. Nothing was removed.</exception>
    public async Task<RemovedLoad> RemoveAsync(string loadId, CancellationToken cancellationToken)
    {
        if (await _folder.TryGetStoredAsync(loadId, cancellationToken).ConfigureAwait(false) is not { } stored) return new();
        return await TryRemoveAsync(stored, keepsObject: false, cancellationToken).ConfigureAwait(false) ?? throw new DltException(
            $"Load {loadId} goes on in another process: it has just written {_folder.LocationOf(loadId)}. Nothing of "
            + "it was removed, and the packages stay pending. Stop that process first.");
    }

    /// <summary>Marks a load and removes it.</summary>
    /// <param name="stored">Its publish object.</param>
    /// <param name="keepsObject">True: the object stays, with the tables that the load may have emptied and without their files.</param>
    /// <param name="cancellationToken">Stops; some of it may be removed.</param>
    /// <returns>Null when the load has written its object meanwhile; nothing was removed.</returns>
    public async Task<RemovedLoad?> TryRemoveAsync(StoredPublishObject stored, bool keepsObject, CancellationToken cancellationToken)
    {
        if (await _folder.TryMarkTakenBackAsync(stored, cancellationToken).ConfigureAwait(false) is not { } load) return null;
        var found = new List<(string Name, Remains Remains)>();
        foreach (var table in load.Tables)
        {
            found.Add((table.Name, table.IsExternal
                ? await RemoveFilesAsync(load, table, cancellationToken).ConfigureAwait(false)
                : await RemoveRowsAsync(load, table, cancellationToken).ConfigureAwait(false)));
        }

        await staged.RemoveAsync(load, cancellationToken).ConfigureAwait(false);
        if (!keepsObject) await _folder.RemoveAsync([load.LoadId], cancellationToken).ConfigureAwait(false);
        else await _folder.TryReplaceListedAsync(load.WithoutFiles(), cancellationToken).ConfigureAwait(false);
        return new()
        {
            ReplacedTables = [.. found.Where(t => t.Remains == Remains.Own).Select(t => t.Name)],
            EmptiedTables = [.. found.Where(t => t.Remains == Remains.Nothing).Select(t => t.Name)],
        };
    }

    /// <summary>
    /// Removes files of an external table. They stay if the load was prepared and no file is older than the load, because then it may have
    /// removed the earlier rows.
    /// </summary>
    private async Task<Remains> RemoveFilesAsync(PublishObject load, PublishedTable table, CancellationToken cancellationToken)
    {
        if (load.MayBeVisible && table.IsSwappedBy(load.LoadId)
            && await HasSwappedAsync(load, table, cancellationToken).ConfigureAwait(false)) return Remains.Own;
        var mayHaveReplaced = load.MayBeVisible && table.MayRemoveRows && !table.IsSwappedBy(load.LoadId);
        var isEmptied = false;
        if (mayHaveReplaced || table.IsEmptiedFirst)
        {
            var (hasOwn, hasEarlier) = await LookAsync(load, table, cancellationToken).ConfigureAwait(false);
            if (mayHaveReplaced && hasOwn && !hasEarlier) return Remains.Own;
            isEmptied = table.IsEmptiedFirst && !hasEarlier;
        }

        var own = await FilesAsync(load, table, cancellationToken).ConfigureAwait(false);
        await registry.RemoveAsync(own, cancellationToken).ConfigureAwait(false);
        if (load.MayBeVisible) await partitions.MatchAsync(table.Name, cancellationToken).ConfigureAwait(false);
        return isEmptied ? Remains.Nothing : Remains.Others;
    }

    /// <summary>
    /// True when the table reads the folder of the load. Then the files that it has replaced are removed, and files of other loads that
    /// stay are moved there, as the load itself would have done.
    /// </summary>
    private async Task<bool> HasSwappedAsync(PublishObject load, PublishedTable table, CancellationToken cancellationToken)
    {
        if (registry.Locations is not { } locations
            || await locations.ReadAsync(table.Name, cancellationToken).ConfigureAwait(false) is not { } stored
            || locations.FolderOf(table.Name, stored) != table.Folder) return false;
        var files = await registry.ResumeAsync(load.LoadId, cancellationToken).ConfigureAwait(false);
        if (files is not null) await files.FinishAsync(table.Name, cancellationToken).ConfigureAwait(false);
        return true;
    }

    /// <summary>Looks in the folder of a table for files of the load, and for files of other loads that are older than it.</summary>
    private async Task<(bool HasOwn, bool HasEarlier)> LookAsync(
        PublishObject load, PublishedTable table, CancellationToken cancellationToken)
    {
        var hasOwn = false;
        var prefix = registry.FolderOf(table.Name);
        await foreach (var file in objects.ListAsync(prefix.Bucket, prefix.Key, cancellationToken).ConfigureAwait(false))
        {
            var isOwn = table.Has(file.Location.Key) && load.HasWritten(file.Location.Key, file.LastModified);
            if (!isOwn && file.LastModified <= load.Began) return (hasOwn, true);
            hasOwn |= isOwn;
        }

        return (hasOwn, false);
    }

    /// <summary>
    /// Keys of the files of a load. Those of a load that was staged may be in another folder of the table, and the folder of its swap may
    /// have copies of the files of other loads.
    /// </summary>
    private async Task<List<string>> FilesAsync(PublishObject load, PublishedTable table, CancellationToken cancellationToken)
    {
        var own = new List<string>();
        foreach (var key in table.Keys)
            if (await IsOfLoadAsync(load, key, cancellationToken).ConfigureAwait(false)) own.Add(key);
        if (!load.MayBeVisible) return own;
        var (folder, known) = (registry.FolderOf(table.Name), own.ToHashSet(StringComparer.Ordinal));
        await foreach (var file in objects.ListAsync(folder.Bucket, folder.Key, cancellationToken).ConfigureAwait(false))
        {
            var key = file.Location.Key;
            var isMoved = table.Has(key) && load.HasWritten(key, file.LastModified);
            var isCopy = table.IsSwappedBy(load.LoadId) && key.StartsWith(table.Folder!, StringComparison.Ordinal);
            if ((isMoved || isCopy) && known.Add(key)) own.Add(key);
        }

        return own;
    }

    /// <summary>True when the object exists and the load wrote it. An id in the key answers that without a call.</summary>
    private async Task<bool> IsOfLoadAsync(PublishObject load, string key, CancellationToken cancellationToken) =>
        load.HasWritten(key, DateTimeOffset.MinValue)
            || (await objects.HeadAsync(new(dataset.Bucket, key), cancellationToken).ConfigureAwait(false) is { } stored
                && load.HasWritten(key, stored.LastModified));

    /// <summary>
    /// Removes committed rows from an Iceberg table in a separate snapshot, which also records that the load may add them again. Staged
    /// files without a commit stay.
    /// </summary>
    private async Task<Remains> RemoveRowsAsync(PublishObject load, PublishedTable table, CancellationToken cancellationToken)
    {
        if (table.Files.IsEmpty && !table.IsEmptiedFirst && table.Owner is null) return Remains.Others;
        if (await staged.TryOpenAsync(table.Name, cancellationToken).ConfigureAwait(false) is not { } stored)
            return table.IsEmptiedFirst ? Remains.Nothing : Remains.Others;
        if (table.Owner is { } owner)
        {
            if (await merges.RemoveAsync(stored, load, table, owner, cancellationToken).ConfigureAwait(false)) return Remains.Own;
        }
        else if (StepRecord.Has(stored.Metadata, new(load.LoadId, StepIdentity.Data)))
        {
            if (table.MayRemoveRows) return Remains.Own;
            await RemoveStepAsync(stored, load, table, cancellationToken).ConfigureAwait(false);
        }

        var isEmptied = table.IsEmptiedFirst && (stored.Metadata.CurrentSnapshot is null
            || StepRecord.Has(stored.Metadata, new(load.LoadId, StepIdentity.Truncate)));
        return isEmptied ? Remains.Nothing : Remains.Others;
    }

    private static Task RemoveStepAsync(Table stored, PublishObject load, PublishedTable table, CancellationToken cancellationToken)
    {
        var step = new StepIdentity(load.LoadId, StepIdentity.Removal);
        var change = new OverwriteAction
        {
            Properties = new Dictionary<string, string> { [StepRecord.LoadId] = step.LoadId, [StepRecord.Step] = step.Step },
            Removes = (_, entry) => StagedName.IsIn(entry.File.FilePath, table.Files),
        };
        var action = new StepAction(step, change, replaces: false, new HashSet<string>(), _ => true);
        return stored.NewTransaction().Patiently().Add(action).CommitAsync(cancellationToken);
    }
}
