using Dlt.Internal;
using Dlt.Lake;
using Dlt.Storage;

namespace Dlt.Destinations.Publishing.Merging;

/// <summary>
/// Removes the helper tables of a merge from the catalog, with their objects in the folder of query results. dlt leaves both. It needs no
/// query.
/// </summary>
/// <param name="glue">Catalog of the tables.</param>
/// <param name="objects">The store.</param>
/// <param name="database">Database of the staging dataset.</param>
/// <param name="warn">Receives a warning when something stays.</param>
internal sealed class HelperTables(IGlueCatalog glue, IObjectStore objects, string database, Action<string> warn)
{
    /// <summary>Removes the tables that queries have made.</summary>
    /// <param name="names">Names that helper tables may have.</param>
    /// <param name="queries">Ids of the queries: Athena puts the objects of a new table into a folder with the id of its query.</param>
    /// <param name="cancellationToken">Stops; some tables may remain, until the next merge drops them.</param>
    public async Task RemoveAsync(
        IReadOnlyCollection<string> names, IReadOnlyCollection<string> queries, CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var table in glue.FindTablesAsync(database, names, cancellationToken).ConfigureAwait(false))
            {
                await glue.DeleteTableAsync(database, table.Name, cancellationToken).ConfigureAwait(false);
                var folder = table.Location.TrimEnd('/');
                if (queries.Any(q => folder.EndsWith("/" + q, StringComparison.Ordinal)))
                    await DeleteAsync(ObjectLocation.Parse(folder + "/"), cancellationToken).ConfigureAwait(false);
            }
        }
        catch (Exception error) when (error is DltException or FormatException)
        {
            warn($"Helper tables of a merge stay in database '{database}', or their objects in the folder of query results: "
                + $"{Failure.Sentence(error)} The merge is complete. The next one drops the tables.");
        }
    }

    private async Task DeleteAsync(ObjectLocation folder, CancellationToken cancellationToken)
    {
        var keys = new List<string>();
        await foreach (var file in objects.ListAsync(folder.Bucket, folder.Key, cancellationToken).ConfigureAwait(false))
            keys.Add(file.Location.Key);
        if (keys.Count > 0) await objects.DeleteAsync(folder.Bucket, keys, cancellationToken).ConfigureAwait(false);
    }
}
