using System.Collections.Immutable;
using Dlt.Destinations.Settings;
using Dlt.Destinations.Staging;
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
    private readonly PublishFolder _folder = new(objects, dataset);
    private readonly EarlierAttempt _earlierAttempt = new(objects, dataset.Bucket);
    private readonly KeyReader _keys = new(layout);

    /// <summary>Removes the staged files of an abandoned load. Called before its publish object is deleted.</summary>
    public Func<PublishObject, CancellationToken, Task> RemoveStagedFiles { get; init; } = (_, _) => Task.CompletedTask;

    /// <summary>Location of a job's file in an external table.</summary>
    public ObjectLocation KeyOf(LoadJob job)
    {
        var name = new JobFileName(job.Table.Name, job.FileId, 0, job.Format);
        return dataset.Combine(layout.PathOf(name, job.Schema.Name, job.LoadId, LoadId.ToTime(job.LoadId)));
    }

    /// <summary>Writes the publish object of a load. A repeated call resumes the load with the data of the first one.</summary>
    /// <param name="plan">The plan of the load.</param>
    /// <param name="isExternal">True for external tables.</param>
    /// <param name="cancellationToken">Stops; nothing but the publish object was changed.</param>
    /// <exception cref="ConfigurationException">The layout gives two files of the load one key.</exception>
    /// <exception cref="DltException">Another load under way writes the same keys.</exception>
    public async Task<LoadFiles> BeginAsync(LoadPlan plan, Func<string, bool> isExternal, CancellationToken cancellationToken)
    {
        var own = ContentOf(plan, isExternal);
        var complete = await completeLoads(cancellationToken).ConfigureAwait(false);
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

        var isFirst = true;
        if (await _folder.TryAddAsync(own, cancellationToken).ConfigureAwait(false) is { } earlier)
        {
            var began = earlier.Began
                ?? (await objects.HeadAsync(_folder.LocationOf(own.LoadId), cancellationToken).ConfigureAwait(false))?.LastModified;
            own = own with { Began = began, UnderWay = earlier.UnderWay, CompleteBefore = earlier.CompleteBefore };
            isFirst = false;
            if (!complete.Contains(own.LoadId))
                await _earlierAttempt.RemoveAsync(plan, earlier, own, began, cancellationToken).ConfigureAwait(false);
            // The new time marks the load as under way again, however long it waited.
            await _folder.PutAsync(own, cancellationToken).ConfigureAwait(false);
        }

        var listed = await _folder.ListAsync(cancellationToken).ConfigureAwait(false);
        own = own with { Began = own.Began ?? listed[own.LoadId] };
        if (isFirst && own.UnderWay is { } known && !known.IsSupersetOf(UnderWayOf(own, listed, complete)))
        {
            // Another load began after the listing and before the object was written.
            own = own with { UnderWay = known.Union(UnderWayOf(own, listed, complete)) };
            await _folder.PutAsync(own, cancellationToken).ConfigureAwait(false);
        }

        await RemoveUnneededAsync(listed, complete, listed[own.LoadId], cancellationToken).ConfigureAwait(false);
        var loads = await FindConcurrentAsync(own, listed, complete, cancellationToken).ConfigureAwait(false);
        CheckKeys(loads);
        return new(this, objects, loads);
    }

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
        return before with { Complete = complete, Others = others };
    }

    /// <summary>Removes the files of a table that <see cref="ReplaceRule"/> selects.</summary>
    /// <param name="loads">The load and the other loads.</param>
    /// <param name="table">The table.</param>
    /// <param name="folder">Folder of the table.</param>
    /// <param name="cancellationToken">Stops; some files may remain.</param>
    public async Task RemoveAsync(ConcurrentLoads loads, string table, ObjectLocation folder, CancellationToken cancellationToken)
    {
        var loadIdOf = _keys.Of(table);
        var root = dataset.Combine("").Key;
        var old = new List<string>();
        await foreach (var file in objects.ListAsync(folder.Bucket, folder.Key, cancellationToken).ConfigureAwait(false))
        {
            var key = file.Location.Key;
            var loadId = key.StartsWith(root, StringComparison.Ordinal) ? loadIdOf(key[root.Length..]) : null;
            if (ReplaceRule.Removes(loads, table, key, loadId, file.LastModified)) old.Add(key);
        }

        if (old.Count > 0) await objects.DeleteAsync(folder.Bucket, old, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Folder of an external table.</summary>
    public ObjectLocation FolderOf(string table) => dataset.Combine(layout.TablePrefix(table));

    private async Task RemoveUnneededAsync(
        IReadOnlyDictionary<string, DateTimeOffset> listed, IReadOnlySet<string> complete, DateTimeOffset now,
        CancellationToken cancellationToken)
    {
        var old = PublishUpkeep.Unneeded(listed, complete, now);
        if (old.Count == 0) return;
        foreach (var id in old.Where(id => !complete.Contains(id)))
        {
            if (await TryReadAsync(id, cancellationToken).ConfigureAwait(false) is { } dead)
                await RemoveStagedFiles(dead, cancellationToken).ConfigureAwait(false);
        }

        await _folder.RemoveAsync(old, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Reads the publish object of a load; null if it is gone or damaged.</summary>
    private async Task<PublishObject?> TryReadAsync(string loadId, CancellationToken cancellationToken)
    {
        try
        {
            return await _folder.TryGetAsync(loadId, cancellationToken).ConfigureAwait(false);
        }
        catch (DltException error) when (!error.IsTransient)
        {
            return null;
        }
    }

    private PublishObject ContentOf(LoadPlan plan, Func<string, bool> isExternal)
    {
        var written = plan.Chains.SelectMany(c => c.Tables).Select(t => t.Table.Name).ToHashSet(StringComparer.Ordinal);
        var lost = plan.Emptied.SelectMany(c => c.Tables).Select(t => t.Table).Concat(plan.Dropped).DistinctBy(t => t.Name).ToList();
        var truncated = lost.Select(t => t.Name).ToHashSet(StringComparer.Ordinal);
        var tables =
            from chain in plan.Chains
            from table in chain.Tables
            let name = table.Table.Name
            let disposition = chain.Mode is ReplaceMode ? PublishDisposition.Replace
                : truncated.Contains(name) ? PublishDisposition.Truncate : PublishDisposition.Append
            select isExternal(name)
                ? new PublishedTable(name, disposition, KeysOf(table))
                : new PublishedTable(name, disposition, []) { Files = [.. table.Jobs.Select(StagedName.Of)] };
        var emptied = lost.Where(t => !written.Contains(t.Name)).Select(t => new PublishedTable(t.Name, PublishDisposition.Truncate, []));
        return new() { LoadId = plan.LoadId, SchemaName = plan.Schema.Name, Tables = [.. tables, .. emptied] };
    }

    private ImmutableHashSet<string> KeysOf(ChainTable table)
    {
        var keys = ImmutableHashSet.CreateBuilder<string>(StringComparer.Ordinal);
        foreach (var location in table.Jobs.Select(KeyOf))
        {
            if (keys.Add(location.Key)) continue;
            throw new ConfigurationException(
                $"The layout '{layout.Pattern}' puts two files of table '{table.Table.Name}' at {location}, so the rows of one would be "
                + "lost. Nothing was loaded. Put {file_id} into destination.filesystem.layout.")
            {
                Fields = ["layout"],
            };
        }

        return keys.ToImmutable();
    }

    private async Task<ConcurrentLoads> FindConcurrentAsync(
        PublishObject own, Dictionary<string, DateTimeOffset> listed, IReadOnlySet<string> complete, CancellationToken cancellationToken)
    {
        var began = own.Began!.Value;
        var before = new LoadStart(own, began, listed).CompleteBefore(complete);
        return new()
        {
            Own = own,
            Began = began,
            CompleteBefore = before,
            Complete = complete,
            Others = await OthersAsync(own, listed, before, cancellationToken).ConfigureAwait(false),
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
            others[id] = new(time, content);
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
            if (other.Content is null || loads.Complete.Contains(id) || other.LastModified <= loads.Began - ReplaceRule.UnderWay
                || IsAfter(id, other, loads)) continue;
            var shared = loads.Own.Tables.SelectMany(t => t.Keys).Intersect(other.Content.Tables.SelectMany(t => t.Keys));
            if (shared.FirstOrDefault() is not { } key) continue;
            throw new DltException(
                $"Load {id} is under way and writes s3://{dataset.Bucket}/{key} as well, because the layout '{layout.Pattern}' has "
                + "neither {load_id} nor {file_id}. "
                + $"Nothing was uploaded; package {loads.Own.LoadId} stays pending. Run again when that load is complete; if it never "
                + $"will be, delete {_folder.LocationOf(id)}.");
        }
    }

    /// <summary>True when the other load came later; of two loads that see each other, the later one stops.</summary>
    private static bool IsAfter(string id, OtherLoad other, ConcurrentLoads loads) =>
        other.LastModified > loads.Began || (other.LastModified == loads.Began && IsLater(id, loads.Own));

    private static bool IsLater(string loadId, PublishObject own) => LoadIdOrder.Instance.Compare(loadId, own.LoadId) > 0;
}
