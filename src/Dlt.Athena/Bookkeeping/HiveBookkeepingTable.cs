using Dlt.Destinations.Settings;
using Dlt.Packages;
using Dlt.Schemas;
using Dlt.Storage;

namespace Dlt.Destinations.Bookkeeping;

/// <summary>
/// An external Parquet table with one small file per row. Writes need no read, and concurrent writers cannot lose each other's rows.
/// </summary>
internal sealed class HiveBookkeepingTable(IObjectStore objects, ObjectLocation folder) : IBookkeepingTable
{
    private const int Parallelism = 16;

    /// <summary>Files that one load reads and removes at most, the oldest ones.</summary>
    private const int MostRemoved = 1000;

    public BookkeepingCache Cache { get; init; } = new();

    /// <summary>Returns the load id in the key of a file; null for a key that has none.</summary>
    public Func<ObjectLocation, string?> LoadIdOf { get; init; } = _ => null;

    public async Task<IReadOnlyList<Dictionary<string, object?>>> ReadAsync(CancellationToken cancellationToken) =>
        [.. (await FilesAsync(cancellationToken).ConfigureAwait(false)).SelectMany(f => f.Rows)];

    /// <summary>Does nothing: each look lists the files, and what it reads depends on the list.</summary>
    public Task ReadAheadAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>
    /// Removes the files whose rows are all removed. A file that also holds other rows stays; dlt and this library write one row per
    /// file.
    /// </summary>
    public async Task RemoveAsync(
        (string Column, string Text) removed, IReadOnlyList<(string Column, object Value)> kept, CancellationToken cancellationToken)
    {
        var files = await FilesAsync(cancellationToken).ConfigureAwait(false);
        bool IsRemoved(Dictionary<string, object?> row) => row.GetValueOrDefault(removed.Column) as string == removed.Text
            && !BookkeepingRow.Has(row, kept);
        await DeleteAsync(files.Where(f => f.Rows.All(IsRemoved)).Select(f => f.Key), cancellationToken).ConfigureAwait(false);
    }

    public async Task RemoveAsync(
        (string Column, string Text) of, string column, IReadOnlySet<string> texts, CancellationToken cancellationToken)
    {
        var files = await FilesAsync(cancellationToken).ConfigureAwait(false);
        bool IsRemoved(Dictionary<string, object?> row) =>
            row.GetValueOrDefault(of.Column) as string == of.Text && row.GetValueOrDefault(column) is string text && texts.Contains(text);
        await DeleteAsync(files.Where(f => f.Rows.All(IsRemoved)).Select(f => f.Key), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// Finds files of the pipeline by their names. Those of Python dlt do not show it, so up to <paramref name="most"/> of them are read.
    /// Files are read before they are removed.
    /// </summary>
    public async Task KeepStatesAsync(string pipeline, IReadOnlySet<string> loads, int most, CancellationToken cancellationToken)
    {
        var listed = await ListAsync(cancellationToken).ConfigureAwait(false);
        var ordered = listed.Select(f => (File: f, LoadId: LoadIdOf(f.Location))).Where(f => f.LoadId is { } id && loads.Contains(id))
            .OrderByDescending(f => f.LoadId!, LoadIdOrder.Instance).Select(f => f.File).ToList();
        if (ordered.Count <= most) return;
        var isNamed = StateFileId.Finder(pipeline);
        var unnamed = ordered.Where(f => !isNamed(f.Location.Key)).Take(most).ToList();
        var read = await ReadAsync(unnamed, cancellationToken).ConfigureAwait(false);
        var known = read.Where(IsOwn).Select(f => f.Key).ToHashSet(StringComparer.Ordinal);
        var oldest = ordered.Index().Where(f => known.Contains(f.Item.Location.Key) || isNamed(f.Item.Location.Key))
            .Skip(most - 1).Select(f => f.Index + 1).FirstOrDefault(ordered.Count);
        var old = await ReadAsync([.. ordered.Skip(oldest).TakeLast(MostRemoved)], cancellationToken).ConfigureAwait(false);
        await DeleteAsync(old.Where(IsOwn).Select(f => f.Key), cancellationToken).ConfigureAwait(false);

        bool IsOwn((string Key, IReadOnlyList<Dictionary<string, object?>> Rows) file) =>
            file.Rows.All(r => r.GetValueOrDefault(SystemTables.PipelineName) as string == pipeline);
    }

    public async Task<IReadOnlySet<string>> LoadIdsAsync(string column, CancellationToken cancellationToken)
    {
        var byLoad = (await ListAsync(cancellationToken).ConfigureAwait(false)).ToLookup(f => LoadIdOf(f.Location));
        var unknown = await ReadAsync([.. byLoad[null]], cancellationToken).ConfigureAwait(false);
        var read = unknown.SelectMany(f => f.Rows).Select(r => r.GetValueOrDefault(column) as string);
        return byLoad.Select(f => f.Key).Concat(read).OfType<string>().ToHashSet(StringComparer.Ordinal);
    }

    public async Task<bool> ContainsAsync(
        string identity, IReadOnlyList<(string Column, string Text)> values, CancellationToken cancellationToken)
    {
        var suffix = Suffix(identity);
        await foreach (var found in objects.ListAsync(folder.Bucket, folder.Key, cancellationToken).ConfigureAwait(false))
            if (found.Location.Key.EndsWith(suffix, StringComparison.Ordinal)) return true;
        return false;
    }

    /// <summary>
    /// Reads the files of the newest loads first, until one has a row that counts. Files whose keys say no load id are read as well.
    /// </summary>
    public async Task<Dictionary<string, object?>?> NewestAsync(
        string column, IReadOnlySet<string> loads, Func<Dictionary<string, object?>, bool> isWanted, CancellationToken cancellationToken)
    {
        var listed = await ListAsync(cancellationToken).ConfigureAwait(false);
        var byLoad = listed.ToLookup(f => LoadIdOf(f.Location));
        Dictionary<string, object?>? Newest(IEnumerable<(string Key, IReadOnlyList<Dictionary<string, object?>> Rows)> files) => files
            .SelectMany(f => f.Rows).Where(r => r.GetValueOrDefault(column) is string id && loads.Contains(id) && isWanted(r))
            .MaxBy(r => (string)r[column]!, LoadIdOrder.Instance);

        var best = Newest(await ReadAsync([.. byLoad[null]], cancellationToken).ConfigureAwait(false));
        var ordered = byLoad.Where(f => f.Key is { } id && loads.Contains(id))
            .OrderByDescending(f => f.Key!, LoadIdOrder.Instance).ToList();
        for (int next = 0, count = 1; next < ordered.Count; next += count, count = Math.Min(count * 2, Parallelism))
        {
            var group = ordered.Skip(next).Take(count).SelectMany(f => f).ToList();
            if (Newest(await ReadAsync(group, cancellationToken).ConfigureAwait(false)) is not { } found) continue;
            return best is null || LoadIdOrder.Instance.Compare((string)best[column]!, (string)found[column]!) < 0 ? found : best;
        }

        return best;
    }

    public async Task AppendOnceAsync(TableSchema table, IReadOnlyList<BookkeepingEntry> entries, CancellationToken cancellationToken)
    {
        // The key is derived from load and identity, so a repeated write finds the file of the first. All rows of one call share a file.
        var key = new ObjectLocation(folder.Bucket, folder.Key + entries[0].LoadId + Suffix(entries[0].Identity));
        try
        {
            var file = BookkeepingRow.Write(table, AthenaCapabilities.Default, [.. entries.Select(e => e.Row)]);
            await objects.PutAsync(key, file, PutCondition.MustNotExist, cancellationToken).ConfigureAwait(false);
        }
        catch (PreconditionFailedException)
        {
            // An earlier attempt wrote it.
        }
    }

    private async Task DeleteAsync(IEnumerable<string> keys, CancellationToken cancellationToken)
    {
        var old = keys.ToList();
        if (old.Count > 0) await objects.DeleteAsync(folder.Bucket, old, cancellationToken).ConfigureAwait(false);
    }

    private async Task<(string Key, IReadOnlyList<Dictionary<string, object?>> Rows)[]> FilesAsync(CancellationToken cancellationToken) =>
        await ReadAsync(await ListAsync(cancellationToken).ConfigureAwait(false), cancellationToken).ConfigureAwait(false);

    private async Task<List<ObjectInfo>> ListAsync(CancellationToken cancellationToken)
    {
        var files = new List<ObjectInfo>();
        await foreach (var found in objects.ListAsync(folder.Bucket, folder.Key, cancellationToken).ConfigureAwait(false))
            if (IsData(found)) files.Add(found);
        return files;
    }

    private async Task<(string Key, IReadOnlyList<Dictionary<string, object?>> Rows)[]> ReadAsync(
        List<ObjectInfo> files, CancellationToken cancellationToken)
    {
        var rows = new (string, IReadOnlyList<Dictionary<string, object?>>)[files.Count];
        var options = new ParallelOptions { MaxDegreeOfParallelism = Parallelism, CancellationToken = cancellationToken };
        async ValueTask ReadFileAsync(int i, CancellationToken token) =>
            rows[i] = (files[i].Location.Key, await RowsAsync(files[i], token).ConfigureAwait(false));
        await Parallel.ForEachAsync(Enumerable.Range(0, files.Count), options, ReadFileAsync).ConfigureAwait(false);
        return rows;
    }

    private async Task<IReadOnlyList<Dictionary<string, object?>>> RowsAsync(ObjectInfo file, CancellationToken cancellationToken)
    {
        var name = file.Location.ToString();
        if (Cache.Of(name, file.ETag) is { } known) return known;
        var content = await objects.GetAsync(file.Location, cancellationToken: cancellationToken).ConfigureAwait(false);
        var rows = SmallTableReader.Read(content, name);
        Cache.Set(name, file.ETag, rows);
        return rows;
    }

    /// <summary>True for data files; like Athena, ignores empty files and names that begin with '_' or '.'.</summary>
    private static bool IsData(ObjectInfo file) => file.Size > 0 && Path.GetFileName(file.Location.Key) is not (['_' or '.', ..] or "");

    private static string Suffix(string identity) => $".{BookkeepingRow.FileIdOf(identity)}.parquet";
}
