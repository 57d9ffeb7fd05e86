using System.Collections.Immutable;
using Dlt.Destinations.Settings;
using Dlt.Destinations.Tables;
using Dlt.Lake;
using Dlt.Packages;
using Dlt.Storage;

namespace Dlt.Destinations.Publishing;

/// <summary>
/// Registers loads: writes the publish object of a load, which lists the files that it will write, and reads those of other loads.
/// </summary>
/// <param name="objects">The store.</param>
/// <param name="dataset">Folder of the dataset.</param>
/// <param name="layout">Layout of file keys.</param>
/// <param name="completeLoads">Reads the ids of complete loads from <c>_dlt_loads</c>.</param>
internal sealed class LoadRegistry(
    IObjectStore objects, ObjectLocation dataset, FileLayout layout, Func<CancellationToken, Task<IReadOnlySet<string>>> completeLoads)
{
    private const int MaxAttempts = 10;

    private readonly PublishFolder _folder = new(objects, dataset);
    private readonly PlannedTables _planned = new(dataset, layout);
    private readonly EarlierAttempt _earlierAttempt = new(objects, dataset.Bucket);
    private readonly KeyReader _keys = new(layout);
    private readonly UnrecordedReplaces _unrecorded = new(objects, dataset, new(layout));

    /// <summary>Name of the pipeline that begins loads; null: their publish objects are no journals.</summary>
    public string? Pipeline
    {
        get => _planned.Pipeline;
        init => _planned.Pipeline = value;
    }

    /// <summary>The publish objects of the dataset.</summary>
    public PublishFolder Folder => _folder;

    /// <summary>
    /// Removes the staged files of a load that is given up. It is called while the load cannot resume, and before the load's publish object
    /// is deleted.
    /// </summary>
    public Func<PublishObject, CancellationToken, Task> RemoveStagedFiles { get; init; } = (_, _) => Task.CompletedTask;

    /// <summary>
    /// Reads the ids of complete loads as the run has seen them a short time ago; null to read them as they are now. They suffice for a
    /// load that removes nothing and shares no keys.
    /// </summary>
    public Func<CancellationToken, Task<IReadOnlySet<string>>>? SeenLoads { get; init; }

    /// <summary>The LOCATIONs of external tables; null when no table is ever swapped.</summary>
    public TableLocations? Locations { get; init; }

    /// <summary>Location of a job's file in the folder of the table itself.</summary>
    public ObjectLocation KeyOf(LoadJob job) => _planned.KeyOf(job);

    /// <summary>Location of the file with the rows of one partition of a job, in the folder of the table itself.</summary>
    public ObjectLocation KeyOf(LoadJob job, HivePartition partition) => _planned.KeyOf(job, partition);

    /// <summary>Writes the publish object of a load. A repeated call resumes the load with the data of the first one.</summary>
    /// <param name="plan">The plan of the load.</param>
    /// <param name="targets">How the load writes its tables.</param>
    /// <param name="cancellationToken">Stops; nothing but the publish object was changed.</param>
    /// <exception cref="ConfigurationException">The layout gives two files of the load one key.</exception>
    /// <exception cref="DltException">Another load under way writes the same keys.</exception>
    public async Task<LoadFiles> BeginAsync(LoadPlan plan, LoadTargets targets, CancellationToken cancellationToken)
    {
        var own = ContentOf(plan, targets.IsExternal, targets.Partitions);
        bool IsEmptiedFirst(PublishedTable table) => table.IsEmptiedFirst || targets.EmptiedFirst.Contains(table.Name);
        own = own with { Tables = [.. own.Tables.Select(t => t with { IsEmptiedFirst = IsEmptiedFirst(t) })] };
        if (Pipeline is not null) own = own with { State = JournalState.Begun };
        var isAppend = _keys.HasOwnKeys && !LoadStart.NeedsOtherLoads(own);
        var complete = await (isAppend && SeenLoads is { } seen ? seen : completeLoads)(cancellationToken).ConfigureAwait(false);
        var swapped = await new SwapChoice(_folder).OfAsync(plan.LoadId, targets.Swapped, complete, cancellationToken)
            .ConfigureAwait(false);
        own = In(own, t => swapped.Contains(t) ? SwapFolder.Of(FolderOf(t).Key, plan.LoadId) : targets.FolderOf(t));
        if (LoadStart.NeedsOtherLoads(own))
        {
            // The first object lists the loads under way and the complete ones: a process that resumes the load must not confuse them.
            var before = await _folder.ListAsync(cancellationToken).ConfigureAwait(false);
            own = own with
            {
                UnderWay = UnderWayOf(own, before, complete),
                CompleteBefore = LoadStart.RecentlyComplete(own.LoadId, complete),
            };
        }

        (own, var isFirst) = await RegisterAsync(plan, own, complete, cancellationToken).ConfigureAwait(false);
        var listed = await _folder.ListAsync(cancellationToken).ConfigureAwait(false);
        own = own with { Began = own.Began ?? listed[own.LoadId] };
        if (isFirst && own.UnderWay is { } known && !known.IsSupersetOf(UnderWayOf(own, listed, complete)))
        {
            // Another load began after the listing and before the object was written.
            own = own with { UnderWay = known.Union(UnderWayOf(own, listed, complete)) };
            if (!await _folder.TryReplaceListedAsync(own, cancellationToken).ConfigureAwait(false)) throw Changed(own);
        }

        var unneeded = PublishUpkeep.Unneeded(listed, complete, listed[own.LoadId]);
        await new GivenUpLoads(_folder, RemoveStagedFiles).RemoveAsync(unneeded, complete, cancellationToken).ConfigureAwait(false);
        var loads = await FindConcurrentAsync(own, listed, complete, cancellationToken).ConfigureAwait(false);
        CheckKeys(loads);
        return new(this, objects, loads);
    }

    /// <summary>Returns what a load writes, as its publish object says it.</summary>
    public PublishObject ContentOf(LoadPlan plan, Func<string, bool> isExternal, PartitionedJobs partitions) =>
        _planned.ContentOf(plan, isExternal, partitions) with { Pipeline = Pipeline };

    /// <summary>Returns what a load writes, with the files in the folders that another version of its publish object names.</summary>
    public PublishObject ContentOf(LoadPlan plan, Func<string, bool> isExternal, PartitionedJobs partitions, PublishObject earlier) =>
        In(ContentOf(plan, isExternal, partitions), t => earlier.Of(t)?.Folder);

    /// <summary>Resumes a load that an earlier process began; null if its publish object does not exist.</summary>
    public async Task<LoadFiles?> ResumeAsync(string loadId, CancellationToken cancellationToken)
    {
        if (await _folder.TryGetAsync(loadId, cancellationToken).ConfigureAwait(false) is not { } own) return null;
        var listed = await _folder.ListAsync(cancellationToken).ConfigureAwait(false);
        if (!listed.TryGetValue(loadId, out var written)) return null;
        var complete = await completeLoads(cancellationToken).ConfigureAwait(false);
        own = own with { Began = own.Began ?? written };
        var loads = await FindConcurrentAsync(own, listed, complete, cancellationToken).ConfigureAwait(false);
        return new(this, objects, loads);
    }

    /// <summary>Reads the other loads again. The set of loads that were complete at the beginning does not change.</summary>
    public async Task<ConcurrentLoads> RefreshAsync(ConcurrentLoads before, CancellationToken cancellationToken)
    {
        var listed = await _folder.ListAsync(cancellationToken).ConfigureAwait(false);

        // A complete load has written a publish object before, so without other objects there is nothing to ask.
        var isAlone = listed.Keys.All(id => id == before.Own.LoadId || (before.CompleteBefore.Contains(id) && !IsLater(id, before.Own)));
        var complete = isAlone ? before.Complete : await completeLoads(cancellationToken).ConfigureAwait(false);
        var others = await OthersAsync(before.Own, listed, before.CompleteBefore, cancellationToken).ConfigureAwait(false);
        return before with { Complete = complete, Others = others.SetItems(before.Others.Where(o => o.Value.IsUnrecorded)) };
    }

    /// <summary>Removes the files of a table that <see cref="ReplaceRule"/> selects.</summary>
    /// <param name="loads">The load and the other loads.</param>
    /// <param name="table">The table.</param>
    /// <param name="folder">Folder of the table.</param>
    /// <param name="cancellationToken">Stops; some files may remain.</param>
    public async Task RemoveAsync(ConcurrentLoads loads, string table, ObjectLocation folder, CancellationToken cancellationToken)
    {
        var loadIdOf = LoadIdsOf(table);
        var old = new List<string>();
        await foreach (var file in objects.ListAsync(folder.Bucket, folder.Key, cancellationToken).ConfigureAwait(false))
        {
            var key = file.Location.Key;
            if (ReplaceRule.Removes(loads, table, key, loadIdOf(key), file.LastModified)) old.Add(key);
        }

        await RemoveAsync(old, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Deletes objects of the dataset.</summary>
    public async Task RemoveAsync(IReadOnlyCollection<string> keys, CancellationToken cancellationToken)
    {
        if (keys.Count > 0) await objects.DeleteAsync(dataset.Bucket, keys, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Creates a function that finds the load id in the key of a file of a table; it returns null for a key without one.</summary>
    public Func<string, string?> LoadIdsOf(string table)
    {
        var loadIdOf = _keys.Of(table);
        var root = dataset.Combine("").Key;
        return key => key.StartsWith(root, StringComparison.Ordinal) ? loadIdOf(key[root.Length..]) : null;
    }

    /// <summary>Folder of an external table, with those of its swaps below it.</summary>
    public ObjectLocation FolderOf(string table) => dataset.Combine(layout.TablePrefix(table));

    /// <summary>Key of the folder of a swap that a table reads from; null for the folder of the table itself.</summary>
    public string? SwapFolderOf(string table, GlueTable stored) =>
        Locations?.FolderOf(table, stored) is { } folder && folder != FolderOf(table).Key ? folder : null;

    /// <summary>
    /// Writes the publish object of a load, or takes over that of an earlier attempt: its new time marks the load as under way again,
    /// however long it waited.
    /// </summary>
    /// <returns>The content, and true if no attempt was made before.</returns>
    /// <exception cref="DltException">Another load removes the staged files of this one.</exception>
    private async Task<(PublishObject Own, bool IsFirst)> RegisterAsync(
        LoadPlan plan, PublishObject own, IReadOnlySet<string> complete, CancellationToken cancellationToken)
    {
        for (var attempt = 1; attempt <= MaxAttempts; attempt++)
        {
            if (await _folder.TryAddAsync(own, cancellationToken).ConfigureAwait(false)) return (own, true);
            if (await _folder.TryGetStoredAsync(own.LoadId, cancellationToken).ConfigureAwait(false) is not { } earlier) continue;
            var (content, etag, written) = earlier;
            if (content.IsGivenUp) throw GivenUp(own.LoadId);
            // Files of the earlier attempt may be published already, so this one keeps its folders, whatever the settings are now.
            var resumed = In(own, t => content.Of(t) is { } known ? known.Folder : own.Of(t)?.Folder) with
            {
                Began = content.Began ?? written,
                UnderWay = content.UnderWay,
                CompleteBefore = content.CompleteBefore,
                WasPrepared = content.MayBeVisible,
            };
            resumed = resumed.WithEmptiedOf(content);
            // Tables may already have rows of a prepared load, so nobody may take it back any more.
            if (content.State == JournalState.Prepared) resumed = resumed with { State = content.State, Prepared = content.Prepared };
            if (!complete.Contains(own.LoadId))
                await _earlierAttempt.RemoveAsync(plan, content, own, resumed.Began, cancellationToken).ConfigureAwait(false);
            if (await _folder.TryReplaceAsync(resumed, etag, cancellationToken).ConfigureAwait(false)) return (resumed, false);
        }

        throw Changed(own);
    }

    private PublishObject In(PublishObject load, Func<string, string?> folderOf)
    {
        var moved = load.In(t => FolderOf(t).Key, folderOf);
        foreach (var table in moved.Tables.Where(t => t.Folder is not null)) PlannedTables.CheckKeys(table, dataset.Bucket);
        return moved;
    }

    private DltException Changed(PublishObject own) => new(
        $"{_folder.LocationOf(own.LoadId)} changes while load {own.LoadId} tries to write it. Nothing was uploaded; "
        + "the package stays pending. Run again when no other process loads this package.")
    { IsTransient = true };

    private DltException GivenUp(string loadId) => new(
        $"Load {loadId} wrote nothing for {PublishUpkeep.KeptFor.TotalDays:0} days, so another load gave it up and removes the files "
        + "that it staged. Nothing was uploaded; the package stays pending. Run again: the files are then staged again. If this error "
        + $"stays for an hour, that other load was killed: delete {_folder.LocationOf(loadId)}.")
    { IsTransient = true };

    private async Task<ConcurrentLoads> FindConcurrentAsync(
        PublishObject own, Dictionary<string, DateTimeOffset> listed, IReadOnlySet<string> complete, CancellationToken cancellationToken)
    {
        var began = own.Began!.Value;
        var before = new LoadStart(own, began, listed).CompleteBefore(complete);
        var others = await OthersAsync(own, listed, before, cancellationToken).ConfigureAwait(false);
        var unrecorded = await _unrecorded.FindAsync(own, listed.Keys, complete, FolderOf, cancellationToken).ConfigureAwait(false);
        return new()
        {
            Own = own,
            Began = began,
            CompleteBefore = before,
            Complete = complete,
            Others = others.SetItems(unrecorded),
        };
    }

    /// <summary>
    /// Reads the publish objects of other loads where they matter: those of loads that were not complete before, or that are later ones.
    /// </summary>
    private async Task<ImmutableSortedDictionary<string, OtherLoad>> OthersAsync(
        PublishObject own, Dictionary<string, DateTimeOffset> listed, IReadOnlySet<string> completeBefore,
        CancellationToken cancellationToken)
    {
        var others = ImmutableSortedDictionary.CreateBuilder<string, OtherLoad>(StringComparer.Ordinal);
        foreach (var (id, time) in listed.Where(l => l.Key != own.LoadId))
        {
            var isNeeded = own.Tables.Length > 0 && (!completeBefore.Contains(id) || IsLater(id, own))
                && (!_keys.HasOwnKeys || LoadStart.NeedsOtherLoads(own));
            var content = isNeeded ? await _folder.TryGetAsync(id, cancellationToken).ConfigureAwait(false) : null;
            // A load that is given up or taken back does not go on, whenever its object was marked.
            var isOver = content is { IsGivenUp: true } or { State: JournalState.TakenBack };
            others[id] = new(isOver ? DateTimeOffset.MinValue : time, content);
        }

        return others.ToImmutable();
    }

    private static ImmutableSortedSet<string> UnderWayOf(
        PublishObject own, Dictionary<string, DateTimeOffset> listed, IReadOnlySet<string> complete) =>
        listed.Keys.Where(id => id != own.LoadId && !complete.Contains(id)).ToImmutableSortedSet(StringComparer.Ordinal);

    private void CheckKeys(ConcurrentLoads loads)
    {
        if (_keys.HasOwnKeys) return;
        foreach (var (id, other) in loads.Others)
        {
            if (other.Content is null || loads.Complete.Contains(id) || other.LastModified <= loads.Began - ReplaceRule.MaxSilence
                || IsAfter(id, other, loads)) continue;
            var shared = PlainKeysOf(loads.Own).Intersect(PlainKeysOf(other.Content));
            if (shared.FirstOrDefault() is not { } key) continue;
            throw new DltException(
                $"Load {id} is under way and writes s3://{dataset.Bucket}/{key} as well, because the layout '{layout.Pattern}' has "
                + "neither {load_id} nor {file_id}. "
                + $"Nothing was uploaded; package {loads.Own.LoadId} stays pending. Run again when that load is complete; if it never "
                + $"will be, delete {_folder.LocationOf(id)}.");
        }
    }

    /// <summary>The keys in the folders of the tables themselves: two files with one such key would meet when they are moved.</summary>
    private static IEnumerable<string> PlainKeysOf(PublishObject load) => load.Tables.SelectMany(t => t.Keys).Select(SwapFolder.PlainOf);

    /// <summary>True when the other load came later; of two loads that see each other, the later one stops.</summary>
    private static bool IsAfter(string id, OtherLoad other, ConcurrentLoads loads) =>
        other.LastModified > loads.Began || (other.LastModified == loads.Began && IsLater(id, loads.Own));

    private static bool IsLater(string loadId, PublishObject own) => LoadIdOrder.Instance.Compare(loadId, own.LoadId) > 0;
}
