using Dlt.Schemas;
using Dlt.Storage;
using Dlt.Types;

namespace Dlt.Destinations.Bookkeeping;

/// <summary>
/// An external Parquet table with one small file a row: a write needs no read, and two writers cannot lose each other's row.
/// </summary>
internal sealed class HiveBookkeepingTable(IObjectStore objects, ObjectLocation folder) : IBookkeepingTable
{
    private const int Parallelism = 16;

    public BookkeepingCache Cache { get; init; } = new();

    public async Task<IReadOnlyList<Dictionary<string, object?>>> ReadAsync(CancellationToken cancellationToken) =>
        [.. (await FilesAsync(cancellationToken).ConfigureAwait(false)).SelectMany(f => f.Rows)];

    /// <summary>A file that holds other rows as well stays: dlt, too, writes one row a file.</summary>
    public async Task RemoveAsync(string column, string value, CancellationToken cancellationToken)
    {
        var files = await FilesAsync(cancellationToken).ConfigureAwait(false);
        List<string> old = [.. files.Where(f => f.Rows.All(r => r.GetValueOrDefault(column) as string == value)).Select(f => f.Key)];
        if (old.Count > 0) await objects.DeleteAsync(folder.Bucket, old, cancellationToken).ConfigureAwait(false);
    }

    public async Task<bool> ContainsAsync(
        string identity, Func<Dictionary<string, object?>, bool> isSame, CancellationToken cancellationToken)
    {
        var suffix = Suffix(identity);
        await foreach (var found in objects.ListAsync(folder.Bucket, folder.Key, cancellationToken).ConfigureAwait(false))
            if (found.Location.Key.EndsWith(suffix, StringComparison.Ordinal)) return true;
        return false;
    }

    public async Task AppendOnceAsync(TableSchema table, IReadOnlyList<BookkeepingEntry> entries, CancellationToken cancellationToken)
    {
        // The key follows from load and identity, so a repeated write finds the file of the first. Rows of one moment are one file.
        var key = new ObjectLocation(folder.Bucket, folder.Key + entries[0].LoadId + Suffix(entries[0].Identity));
        try
        {
            var file = BookkeepingRow.Write(table, AthenaCapabilities.Default, [.. entries.Select(e => e.Row)]);
            await objects.PutAsync(key, file, PutCondition.MustNotExist, cancellationToken).ConfigureAwait(false);
        }
        catch (PreconditionFailedException)
        {
            // Written before.
        }
    }

    private async Task<(string Key, IReadOnlyList<Dictionary<string, object?>> Rows)[]> FilesAsync(CancellationToken cancellationToken)
    {
        var files = new List<ObjectInfo>();
        await foreach (var found in objects.ListAsync(folder.Bucket, folder.Key, cancellationToken).ConfigureAwait(false))
            if (IsData(found)) files.Add(found);
        var rows = new (string, IReadOnlyList<Dictionary<string, object?>>)[files.Count];
        await Parallel.ForEachAsync(
            Enumerable.Range(0, files.Count),
            new ParallelOptions { MaxDegreeOfParallelism = Parallelism, CancellationToken = cancellationToken },
            async (i, token) => rows[i] = (files[i].Location.Key, await RowsAsync(files[i], token).ConfigureAwait(false)))
                .ConfigureAwait(false);
        return rows;
    }

    private async Task<IReadOnlyList<Dictionary<string, object?>>> RowsAsync(ObjectInfo file, CancellationToken cancellationToken)
    {
        var name = file.Location.ToString();
        if (Cache.Of(name, file.ETag) is { } known) return known;
        var rows =
            SmallTableReader.Read(await objects.GetAsync(file.Location, cancellationToken: cancellationToken).ConfigureAwait(false), name);
        Cache.Set(name, file.ETag, rows);
        return rows;
    }

    /// <summary>Athena overlooks such files too.</summary>
    private static bool IsData(ObjectInfo file) => file.Size > 0 && Path.GetFileName(file.Location.Key) is not (['_' or '.', ..] or "");

    private static string Suffix(string identity) => $".{BookkeepingRow.FileIdOf(identity)}.parquet";
}
