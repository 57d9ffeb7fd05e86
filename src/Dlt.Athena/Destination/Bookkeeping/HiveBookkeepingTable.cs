using Dlt.Parquet.Reading;
using Dlt.Schemas;
using Dlt.Storage;
using Dlt.Types;

namespace Dlt.Destinations.Bookkeeping;

/// <summary>An external Parquet table with one small file a row: a write needs no read, and two writers cannot lose each other's row.</summary>
internal sealed class HiveBookkeepingTable(IObjectStore objects, ObjectLocation folder) : IBookkeepingTable
{
    private const int Parallelism = 16;

    public async Task<List<Dictionary<string, object?>>> ReadAsync(CancellationToken cancellationToken)
    {
        var files = new List<ObjectLocation>();
        await foreach (var found in objects.ListAsync(folder.Bucket, folder.Key, cancellationToken).ConfigureAwait(false))
            if (IsData(found)) files.Add(found.Location);
        var rows = new List<Dictionary<string, object?>>[files.Count];
        await Parallel.ForEachAsync(
            Enumerable.Range(0, files.Count),
            new ParallelOptions { MaxDegreeOfParallelism = Parallelism, CancellationToken = cancellationToken },
            async (i, token) => rows[i] = SmallTableReader.Read(await objects.GetAsync(files[i], cancellationToken: token).ConfigureAwait(false), files[i].ToString())).ConfigureAwait(false);
        return [.. rows.SelectMany(r => r)];
    }

    /// <summary>A file that holds other rows as well stays: dlt, too, writes one row a file.</summary>
    public async Task RemoveAsync(string column, string value, CancellationToken cancellationToken)
    {
        var old = new List<string>();
        await foreach (var found in objects.ListAsync(folder.Bucket, folder.Key, cancellationToken).ConfigureAwait(false))
        {
            if (!IsData(found)) continue;
            var rows = SmallTableReader.Read(await objects.GetAsync(found.Location, cancellationToken: cancellationToken).ConfigureAwait(false), found.Location.ToString());
            if (rows.TrueForAll(r => r.GetValueOrDefault(column) as string == value)) old.Add(found.Location.Key);
        }

        if (old.Count > 0) await objects.DeleteAsync(folder.Bucket, old, cancellationToken).ConfigureAwait(false);
    }

    public async Task<bool> ContainsAsync(string identity, Func<Dictionary<string, object?>, bool> isSame, CancellationToken cancellationToken)
    {
        var suffix = Suffix(identity);
        await foreach (var found in objects.ListAsync(folder.Bucket, folder.Key, cancellationToken).ConfigureAwait(false))
            if (found.Location.Key.EndsWith(suffix, StringComparison.Ordinal)) return true;
        return false;
    }

    public async Task AppendOnceAsync(
        TableSchema table, string loadId, string identity, IReadOnlyList<(string Column, DataValue Value)> row, CancellationToken cancellationToken)
    {
        // The key follows from load and identity, so a repeated write finds the row of the first.
        var key = new ObjectLocation(folder.Bucket, folder.Key + loadId + Suffix(identity));
        try
        {
            await objects.PutAsync(key, BookkeepingRow.Write(table, DestinationCapabilities.Athena, row), PutCondition.MustNotExist, cancellationToken).ConfigureAwait(false);
        }
        catch (PreconditionFailedException)
        {
            // Written before.
        }
    }

    /// <summary>Athena overlooks such files too.</summary>
    private static bool IsData(ObjectInfo file) => file.Size > 0 && Path.GetFileName(file.Location.Key) is not (['_' or '.', ..] or "");

    private static string Suffix(string identity) => $".{BookkeepingRow.FileIdOf(identity)}.parquet";
}
