using System.Globalization;
using Dlt.Aws;
using Dlt.Destinations.Publishing;
using Dlt.Destinations.Settings;
using Dlt.Iceberg;
using Dlt.Lake;
using Dlt.Packages;
using Dlt.Schemas;
using Dlt.Storage;

namespace Dlt.Destinations.Maintenance;

/// <summary>
/// Finds what dead loads have left in a dataset. A load without a row in <c>_dlt_loads</c> is not dead while it has a publish object, which
/// goes <see cref="PublishUpkeep.KeptFor"/> after its last attempt: until then its pipeline may go on with it.
/// </summary>
/// <param name="lake">The account.</param>
/// <param name="catalog">Catalog of the Iceberg tables.</param>
/// <param name="database">Database of the dataset.</param>
/// <param name="dataset">Folder of the dataset.</param>
/// <param name="layout">Layout of file keys.</param>
/// <param name="completeLoads">Reads the ids of complete loads.</param>
/// <param name="warn">Receives a warning for a table that cannot be searched.</param>
internal sealed class OrphanSearch(
    LakeAccount lake, GlueCatalog catalog, string database, ObjectLocation dataset, FileLayout layout,
    Func<CancellationToken, Task<IReadOnlySet<string>>> completeLoads, Action<string> warn)
{
    private readonly KeyReader _keys = new(layout);
    private readonly PublishFolder _folder = new(lake.Objects, dataset);
    private readonly CatalogFiles _files = new(lake.Glue, catalog, database);

    public async Task<List<OrphanFile>> RunAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        var objects = await ObjectsAsync(cancellationToken).ConfigureAwait(false);   // before the tables
        var listed = await _folder.ListAsync(cancellationToken).ConfigureAwait(false);   // before the loads that are complete
        var complete = await completeLoads(cancellationToken).ConfigureAwait(false);
        var open = listed.Where(l => !complete.Contains(l.Key)).ToDictionary(l => l.Key, l => l.Value < now - PublishUpkeep.KeptFor);
        var found = new List<OrphanFile>();
        foreach (var (id, isDead) in open)
        {
            if (await lake.Objects.HeadAsync(_folder.LocationOf(id), cancellationToken).ConfigureAwait(false) is { } stored)
                found.Add(Of(OrphanKind.PublishObject, stored, id, isDead));
        }

        await foreach (var table in lake.Glue.GetTablesAsync(database, cancellationToken).ConfigureAwait(false))
        {
            found.AddRange(table.IsIceberg
                ? await UnreferencedAsync(table, open, cancellationToken).ConfigureAwait(false)
                : await IncompleteAsync(table, complete, open, cancellationToken).ConfigureAwait(false));
        }

        var dropped = await new DroppedTables(_files, dataset, warn)
            .FindAsync(objects, id => complete.Contains(id) || open.ContainsKey(id), cancellationToken).ConfigureAwait(false);
        foreach (var (file, id) in dropped)
        {
            found.Add(new(OrphanKind.Dropped, file.Location.ToString(), file.Size, file.LastModified)
            { LoadId = id, IsDead = id is null || open.GetValueOrDefault(id, true) });
        }

        var began = await _folder.ListAsync(cancellationToken).ConfigureAwait(false);
        var isUnderWay = began.Any(l => !listed.ContainsKey(l.Key) || (open.ContainsKey(l.Key) && l.Value > now - ReplaceRule.MaxSilence));
        if (isUnderWay) found = found.ConvertAll(Spared);
        if (lake is AwsAccount aws) found.AddRange(await UploadsAsync(aws, cancellationToken).ConfigureAwait(false));
        return [.. found.OrderBy(f => f.Location, StringComparer.Ordinal)];
    }

    /// <summary>
    /// A file of an Iceberg table as long as loads are under way: metadata files and manifests do not name their load, and the commit of
    /// one may be about to need them.
    /// </summary>
    private static OrphanFile Spared(OrphanFile file) =>
        file is { Kind: OrphanKind.Unreferenced or OrphanKind.Dropped, LoadId: null } ? file with { IsDead = false } : file;

    private async Task<List<ObjectInfo>> ObjectsAsync(CancellationToken cancellationToken)
    {
        var objects = new List<ObjectInfo>();
        var listing = lake.Objects.ListAsync(dataset.Bucket, dataset.Combine("").Key, cancellationToken);
        await foreach (var found in listing.ConfigureAwait(false)) objects.Add(found);
        return objects;
    }

    /// <summary>
    /// Files in the folders of an Iceberg table that neither it nor another table uses, also those of an earlier table of the same name: a
    /// dropped table is created again in its folder. When files of other tables are not known, their metadata files stop the search.
    /// </summary>
    private async Task<(Table Table, List<string> Orphans)> OrphansOfAsync(Table table, string name, CancellationToken cancellationToken)
    {
        var search = new OrphanRemoval(table) { IsFolderUnshared = true };
        var (current, orphans) = await search.FindAsync(DateTimeOffset.MaxValue, cancellationToken).ConfigureAwait(false);
        if (orphans.Count == 0) return (current, orphans);
        var used = await _files.UsedAsync(cancellationToken).ConfigureAwait(false);
        if (_files.Unknown is not null)
            (current, orphans) = await new OrphanRemoval(table).FindAsync(DateTimeOffset.MaxValue, cancellationToken).ConfigureAwait(false);
        var others = used.Where(t => (t.Database, t.Name) != (database, name)).ToList();
        orphans.RemoveAll(o => others.Exists(t => t.Has(o)));
        return (current, orphans);
    }

    /// <summary>Files of an Iceberg table that no snapshot refers to.</summary>
    private async Task<List<OrphanFile>> UnreferencedAsync(
        GlueTable table, Dictionary<string, bool> open, CancellationToken cancellationToken)
    {
        try
        {
            var stored = await catalog.TryLoadTableAsync(new(database, table.Name), cancellationToken).ConfigureAwait(false);
            if (stored is null) return [];
            var (current, orphans) = await OrphansOfAsync(stored, table.Name, cancellationToken).ConfigureAwait(false);
            if (orphans.Count == 0) return [];
            var wanted = orphans.ToHashSet(StringComparer.Ordinal);
            var found = new Dictionary<string, OrphanFile>(StringComparer.Ordinal);
            foreach (var folder in new[] { TableLocations.Data(current.Metadata), TableLocations.Metadata(current.Metadata) }.Distinct())
            {
                await foreach (var (location, size, modified) in current.Files.ListAsync(folder, cancellationToken).ConfigureAwait(false))
                {
                    if (!wanted.Contains(location)) continue;
                    var name = location[(location.LastIndexOf('/') + 1)..];
                    var load = open.Keys.FirstOrDefault(id => name.Contains(id + '.', StringComparison.Ordinal));
                    found[location] = new(OrphanKind.Unreferenced, location, size, modified)
                    { LoadId = load, IsDead = load is null || open[load] };
                }
            }

            return [.. found.Values];
        }
        catch (IcebergException error) when (!error.IsTransient)
        {
            warn($"Table '{database}.{table.Name}' was not searched: {error.Message}");
            return [];
        }
    }

    /// <summary>
    /// Files of an external table whose load is not complete, and that no Iceberg table took over. Loads before the first one in
    /// <c>_dlt_loads</c> are not judged, because somebody may have removed old rows there.
    /// </summary>
    private async Task<List<OrphanFile>> IncompleteAsync(
        GlueTable table, IReadOnlySet<string> complete, Dictionary<string, bool> open, CancellationToken cancellationToken)
    {
        var root = dataset.Combine("").Key;
        var isOwn = table.Name is SystemTables.Loads or SystemTables.Version;
        if (isOwn || !table.Location.StartsWith("s3", StringComparison.Ordinal)) return [];
        var current = ObjectLocation.Parse(table.Location.TrimEnd('/') + "/");
        var folder = current with { Key = SwapFolder.PlainOf(current.Key) };
        if (folder.Bucket != dataset.Bucket || !folder.Key.StartsWith(root, StringComparison.Ordinal)) return [];
        var first = complete.Min(LoadIdOrder.Instance);
        var loadIdOf = _keys.Of(table.Name);
        var found = new List<OrphanFile>();
        var unread = 0;
        await foreach (var file in lake.Objects.ListAsync(folder.Bucket, folder.Key, cancellationToken).ConfigureAwait(false))
        {
            if (loadIdOf(file.Location.Key[root.Length..]) is not { } id) continue;
            if (complete.Contains(id))
            {
                if (folder != current && !file.Location.Key.StartsWith(current.Key, StringComparison.Ordinal)) unread++;
                continue;
            }

            var isKnown = open.TryGetValue(id, out var isDead);
            if (!isKnown && (first is null || LoadIdOrder.Instance.Compare(id, first) < 0)) continue;
            found.Add(Of(OrphanKind.Incomplete, file, id, !isKnown || isDead));
        }

        if (unread > 0)
        {
            var number = unread.ToString(CultureInfo.InvariantCulture);
            warn($"Table '{database}.{table.Name}' reads from {current}, and {folder} holds {number} file(s) of complete loads outside of "
                + "it, which no query finds. A replace that was interrupted leaves them, and the next run of its pipeline removes them; or "
                + "Python dlt loaded after a replace with hive_replace = \"swap-location\". Load rows that you need again before the next "
                + "replace, which removes them.");
        }

        if (found.Count == 0) return found;
        var used = await _files.UsedAsync(cancellationToken).ConfigureAwait(false);
        found.RemoveAll(f => used.Any(t => t.IsIceberg && t.Has(f.Location)));
        return found;
    }

    private async Task<List<OrphanFile>> UploadsAsync(AwsAccount aws, CancellationToken cancellationToken)
    {
        var found = new List<OrphanFile>();
        try
        {
            var uploads = aws.Uploads.ListAsync(dataset.Bucket, dataset.Combine("").Key, cancellationToken);
            await foreach (var upload in uploads.ConfigureAwait(false))
            {
                found.Add(new(OrphanKind.Upload, upload.Location.ToString(), 0, upload.Initiated)
                { IsDead = true, UploadId = upload.UploadId });
            }
        }
        catch (DltException error) when (!error.IsTransient)
        {
            warn($"Unfinished uploads were not searched: {error.Message}");
        }

        return found;
    }

    private static OrphanFile Of(OrphanKind kind, ObjectInfo file, string loadId, bool isDead) =>
        new(kind, file.Location.ToString(), file.Size, file.LastModified) { LoadId = loadId, IsDead = isDead };
}
