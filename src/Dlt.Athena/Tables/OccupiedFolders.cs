using System.Collections.Concurrent;
using System.Globalization;
using Dlt.Destinations.Settings;
using Dlt.Storage;

namespace Dlt.Destinations.Tables;

/// <summary>
/// Warns of objects in the folder of a new external table: queries read them as its rows. A new dataset costs one call, and otherwise each
/// new table does.
/// </summary>
/// <param name="objects">The store.</param>
/// <param name="dataset">Folder of the dataset.</param>
/// <param name="locationOf">Returns the folder of an external table, with a trailing slash.</param>
/// <param name="warn">Receives a warning for each table.</param>
internal sealed class OccupiedFolders(
    IObjectStore objects, ObjectLocation dataset, Func<string, string> locationOf, Action<string> warn)
{
    /// <summary>Objects of a page of a listing. More are not counted.</summary>
    private const int Page = 1000;

    /// <summary>Folders that are listed at once.</summary>
    private const int Parallelism = 20;

    /// <summary>Looks into the folders.</summary>
    /// <param name="tables">Tables that are about to be created.</param>
    /// <param name="isNewDataset">True: no table exists yet.</param>
    /// <param name="cancellationToken">Stops the calls.</param>
    public async Task WarnAsync(IReadOnlyCollection<string> tables, bool isNewDataset, CancellationToken cancellationToken)
    {
        if (tables.Count == 0) return;
        var known = isNewDataset ? await KeysAsync(dataset.Combine("/"), cancellationToken).ConfigureAwait(false) : null;
        if (known is { Count: 0 }) return;
        var counts = new ConcurrentDictionary<string, int>(StringComparer.Ordinal);
        var options = new ParallelOptions { MaxDegreeOfParallelism = Parallelism, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(tables, options, async (table, token) =>
        {
            var folder = ObjectLocation.Parse(locationOf(table));
            counts[table] = known is { Count: < Page }
                ? known.Count(k => k.StartsWith(folder.Key, StringComparison.Ordinal))
                : (await KeysAsync(folder, token).ConfigureAwait(false)).Count;
        }).ConfigureAwait(false);
        foreach (var table in tables.Where(t => counts[t] > 0)) warn(Describe(table, counts[table]));
    }

    private string Describe(string table, int count)
    {
        var number = string.Create(CultureInfo.InvariantCulture, $"{(count < Page ? "" : "at least ")}{count}");
        return $"Table '{table}' is new, and its folder {ObjectLocation.Parse(locationOf(table))} holds {number} object(s) already, which "
            + "queries read as its rows. Delete them unless they belong to the table.";
    }

    private async Task<List<string>> KeysAsync(ObjectLocation folder, CancellationToken cancellationToken)
    {
        var keys = new List<string>();
        await foreach (var found in objects.ListAsync(folder.Bucket, folder.Key, cancellationToken).ConfigureAwait(false))
        {
            if (SwapFolder.LoadIdOf(found.Location.Key) is not null) continue;   // what swaps of a dropped table have left is not read
            keys.Add(found.Location.Key);
            if (keys.Count == Page) break;
        }

        return keys;
    }
}
