using System.Collections.Immutable;
using Dlt.Configuration;
using Dlt.Destinations.Staging;
using Dlt.Packages;
using Dlt.Storage;

namespace Dlt.Destinations.Publishing;

/// <summary>Begins loads: puts down what they will write, and looks who else is loading.</summary>
/// <param name="objects">The store.</param>
/// <param name="dataset">Folder of the dataset.</param>
/// <param name="layout">Keys of files.</param>
/// <param name="completeLoads">Reads <c>_dlt_loads</c>.</param>
internal sealed class LoadPublisher(
    IObjectStore objects, ObjectLocation dataset, FileLayout layout, Func<CancellationToken, Task<IReadOnlySet<string>>> completeLoads)
{
    private readonly PublishFolder _folder = new(objects, dataset);
    private readonly EarlierAttempt _earlierAttempt = new(objects, dataset.Bucket);
    private readonly KeyReader _keys = new(layout);

    /// <summary>Removes what a load that is given up has staged: called before its publish object goes.</summary>
    public Func<PublishObject, CancellationToken, Task> GiveUp { get; init; } = (_, _) => Task.CompletedTask;

    /// <summary>Key of a job's file.</summary>
    public ObjectLocation KeyOf(LoadJob job)
    {
        var name = new JobFileName(job.Table.Name, job.FileId, 0, job.Format);
        return dataset.Combine(layout.PathOf(name, job.Schema.Name, job.LoadId, LoadId.ToTime(job.LoadId)));
    }

    /// <summary>Puts the publish object of a load down. Repeated, it goes on as of the first time.</summary>
    /// <param name="plan">What the load does.</param>
    /// <param name="isExternal">Whether a table is its files.</param>
    /// <param name="cancellationToken">Stops; nothing else was changed.</param>
    /// <exception cref="ConfigurationException">The layout gives two files of the load one key.</exception>
    /// <exception cref="DltException">Another load under way writes the same keys.</exception>
    public async Task<LoadPublishing> BeginAsync(LoadPlan plan, Func<string, bool> isExternal, CancellationToken cancellationToken)
    {
        var own = ContentOf(plan, isExternal);
        var complete = await completeLoads(cancellationToken).ConfigureAwait(false);
        if (Beginning.NeedsOthers(own))
        {
            // Who was under way and who was complete stands in the first object already: a process that goes on must not take one for the
            // other.
            var before = await _folder.ListAsync(cancellationToken).ConfigureAwait(false);
            own = own with { UnderWay = UnderWayOf(own, before, complete), CompleteBefore = Beginning.Recent(own.LoadId, complete) };
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
            // from now on it is under way again, however long it waited
            await _folder.PutAsync(own, cancellationToken).ConfigureAwait(false);
        }

        var listed = await _folder.ListAsync(cancellationToken).ConfigureAwait(false);
        own = own with { Began = own.Began ?? listed[own.LoadId] };
        if (isFirst && own.UnderWay is { } known && !known.IsSupersetOf(UnderWayOf(own, listed, complete)))
        {
            // Somebody began between the list and the object.
            own = own with { UnderWay = known.Union(UnderWayOf(own, listed, complete)) };
            await _folder.PutAsync(own, cancellationToken).ConfigureAwait(false);
        }

        await RemoveUnneededAsync(listed, complete, listed[own.LoadId], cancellationToken).ConfigureAwait(false);
        var loads = await LookAsync(own, listed, complete, cancellationToken).ConfigureAwait(false);
        CheckKeys(loads);
        return new(this, objects, loads);
    }

    /// <summary>A load that an earlier process began; null when there is no publish object of it.</summary>
    public async Task<LoadPublishing?> ResumeAsync(string loadId, CancellationToken cancellationToken)
    {
        if (await _folder.TryGetAsync(loadId, cancellationToken).ConfigureAwait(false) is not { } own) return null;
        var listed = await _folder.ListAsync(cancellationToken).ConfigureAwait(false);
        if (!listed.TryGetValue(loadId, out var written)) return null;
        var complete = await completeLoads(cancellationToken).ConfigureAwait(false);
        return new(
            this, objects, await LookAsync(own with { Began = own.Began ?? written }, listed, complete, cancellationToken)
                .ConfigureAwait(false));
    }

    /// <summary>Looks again. What was complete at the beginning stays as it was seen then.</summary>
    public async Task<ConcurrentLoads> LookAgainAsync(ConcurrentLoads before, CancellationToken cancellationToken)
    {
        var listed = await _folder.ListAsync(cancellationToken).ConfigureAwait(false);

        // Who is complete has put an object down before, so without others there is nothing to be asked.
        var isAlone = listed.Keys.All(id => id == before.Own.LoadId || (before.CompleteBefore.Contains(id) && !IsLater(id, before.Own)));
        var complete = isAlone ? before.Complete : await completeLoads(cancellationToken).ConfigureAwait(false);
        return before with { Complete = complete, Others = await OthersAsync(before.Own, listed, before.CompleteBefore, cancellationToken)
            .ConfigureAwait(false) };
    }

    /// <summary>Removes the files of a table that the rule names.</summary>
    /// <param name="loads">What the load knows.</param>
    /// <param name="table">The table.</param>
    /// <param name="folder">Its folder.</param>
    /// <param name="cancellationToken">Stops; some files may be left.</param>
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

    /// <summary>The folder of a table.</summary>
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
                await GiveUp(dead, cancellationToken).ConfigureAwait(false);
        }

        await _folder.RemoveAsync(old, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The publish object of a load; null when it is gone or damaged.</summary>
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

    private async Task<ConcurrentLoads> LookAsync(
        PublishObject own, Dictionary<string, DateTimeOffset> listed, IReadOnlySet<string> complete, CancellationToken cancellationToken)
    {
        var began = own.Began!.Value;
        var before = new Beginning(own, began, listed).Of(complete);
        return new()
        {
            Own = own,
            Began = began,
            CompleteBefore = before,
            Complete = complete,
            Others = await OthersAsync(own, listed, before, cancellationToken).ConfigureAwait(false),
        };
    }

    /// <summary>Loads that were complete before say nothing that matters, unless they are later ones.</summary>
    private async Task<ImmutableSortedDictionary<string, OtherLoad>> OthersAsync(
        PublishObject own, Dictionary<string, DateTimeOffset> listed, IReadOnlySet<string> completeBefore,
            CancellationToken cancellationToken)
    {
        var others = ImmutableSortedDictionary.CreateBuilder<string, OtherLoad>(StringComparer.Ordinal);
        foreach (var (id, time) in listed.Where(l => l.Key != own.LoadId))
        {
            var isNeeded = own.Tables.Length > 0 && (!completeBefore.Contains(id) || IsLater(id, own));
            others[id] =
                new(time, isNeeded && (!_keys.HasOwnKeys || Beginning.NeedsOthers(own))
                    ? await _folder.TryGetAsync(id, cancellationToken).ConfigureAwait(false) : null);
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
            if (loads.Own.Tables.SelectMany(t => t.Keys).Intersect(other.Content.Tables.SelectMany(t => t.Keys))
                .FirstOrDefault() is not { } key) continue;
            throw new DltException(
                $"Load {id} is under way and writes s3://{dataset.Bucket}/{key} as well, because the layout '{layout.Pattern}' has "
                + "neither {{load_id}} nor {{file_id}}. "
                + $"Nothing was uploaded; package {loads.Own.LoadId} stays pending. Run again when that load is complete; if it never "
                + $"will be, delete {_folder.LocationOf(id)}.");
        }
    }

    /// <summary>Of two loads that see each other, the one that came later stops.</summary>
    private static bool IsAfter(string id, OtherLoad other, ConcurrentLoads loads) =>
        other.LastModified > loads.Began || (other.LastModified == loads.Began && IsLater(id, loads.Own));

    private static bool IsLater(string loadId, PublishObject own) => LoadIdOrder.Instance.Compare(loadId, own.LoadId) > 0;
}
