using System.Collections.Immutable;
using Dlt.Packages;
using Dlt.Storage;

namespace Dlt.Destinations.Publishing;

/// <summary>
/// Finds later loads that have replaced an external table and of which no publish object says so: it goes a day after the load is complete,
/// and Python dlt writes none. A machine that comes back after that time must not add the rows of an earlier replace.
/// </summary>
/// <remarks>
/// Such a load shows in the folder of the table: it has files there, and no file of an earlier load is left. Once the table has a file of
/// the load that asks, nothing is concluded: that load may have removed the earlier files itself.
/// </remarks>
/// <param name="objects">The store.</param>
/// <param name="dataset">Folder of the dataset.</param>
/// <param name="keys">Reads load ids from keys.</param>
internal sealed class UnrecordedReplaces(IObjectStore objects, ObjectLocation dataset, KeyReader keys)
{
    /// <summary>Finds the loads.</summary>
    /// <param name="own">The load that asks.</param>
    /// <param name="recorded">Ids of loads with a publish object.</param>
    /// <param name="complete">Ids of complete loads.</param>
    /// <param name="folderOf">Returns the folder of a table.</param>
    /// <param name="cancellationToken">Stops the listings.</param>
    /// <returns>The loads with the tables that they have replaced, by load id.</returns>
    public async Task<ImmutableSortedDictionary<string, OtherLoad>> FindAsync(
        PublishObject own, IReadOnlyCollection<string> recorded, IReadOnlySet<string> complete, Func<string, ObjectLocation> folderOf,
        CancellationToken cancellationToken)
    {
        var found = ImmutableSortedDictionary.CreateBuilder<string, OtherLoad>(StringComparer.Ordinal);
        var later = complete.Where(id => LoadIdOrder.Instance.Compare(id, own.LoadId) > 0).Except(recorded)
            .ToHashSet(StringComparer.Ordinal);
        if (later.Count == 0) return found.ToImmutable();
        foreach (var table in own.Tables.Where(t => t is { IsExternal: true, ReplacesAllRows: true }))
        {
            var replacing = await OfAsync(table, later, folderOf(table.Name), cancellationToken).ConfigureAwait(false);
            foreach (var (id, files) in replacing)
            {
                var replaced = new PublishedTable(table.Name, table.Mode, files).WithFormat(isExternal: true);
                var known = found.GetValueOrDefault(id)?.Content
                    ?? new PublishObject { LoadId = id, SchemaName = own.SchemaName, Tables = [] };
                found[id] = new(DateTimeOffset.MinValue, known with { Tables = known.Tables.Add(replaced) }) { IsUnrecorded = true };
            }
        }

        return found.ToImmutable();
    }

    private async Task<Dictionary<string, ImmutableHashSet<string>>> OfAsync(
        PublishedTable table, HashSet<string> later, ObjectLocation folder, CancellationToken cancellationToken)
    {
        var loadIdOf = keys.Of(table.Name);
        var root = dataset.Combine("").Key;
        var found = new Dictionary<string, ImmutableHashSet<string>>(StringComparer.Ordinal);
        await foreach (var file in objects.ListAsync(folder.Bucket, folder.Key, cancellationToken).ConfigureAwait(false))
        {
            var key = file.Location.Key;
            if (!key.StartsWith(root, StringComparison.Ordinal) || loadIdOf(key[root.Length..]) is not { } id) continue;
            if (!later.Contains(id)) return [];
            found[id] = found.GetValueOrDefault(id, []).Add(key);
        }

        return found;
    }
}
