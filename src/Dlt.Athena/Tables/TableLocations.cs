using System.Collections.Immutable;
using Dlt.Internal;
using Dlt.Lake;
using Dlt.Storage;

namespace Dlt.Destinations.Tables;

/// <summary>
/// The folders that external tables read from, as the catalog has them now. A LOCATION is changed by Glue also with
/// <c>ddl = "athena"</c>: a statement would not fail when another load has changed it, and the rows of an earlier replace could hide those
/// of a later one.
/// </summary>
/// <param name="glue">The catalog.</param>
/// <param name="database">Database of the tables.</param>
/// <param name="locationOf">Returns the folder of a table itself, with a trailing slash.</param>
/// <param name="waits">Waits between attempts and reports long waits.</param>
internal sealed class TableLocations(IGlueCatalog glue, string database, Func<string, string> locationOf, RetryWaits waits)
{
    /// <summary>Attempts of a change that others have overtaken, by any change of the table.</summary>
    public const int MaxAttempts = 50;

    private static readonly RetryPolicy Contention = new()
    {
        Attempts = MaxAttempts,
        FirstWait = TimeSpan.FromMilliseconds(50),
        MaxWait = TimeSpan.FromSeconds(5),
    };

    /// <summary>Finds tables by name, together. Tables that do not exist are missing.</summary>
    public async Task<ImmutableDictionary<string, GlueTable>> FindAsync(
        IReadOnlyCollection<string> names, CancellationToken cancellationToken)
    {
        var found = ImmutableDictionary.CreateBuilder<string, GlueTable>(StringComparer.OrdinalIgnoreCase);
        if (names.Count == 0) return found.ToImmutable();
        await foreach (var table in glue.FindTablesAsync(database, names, cancellationToken).ConfigureAwait(false))
            found[table.Name] = table;
        return found.ToImmutable();
    }

    /// <summary>Reads a table; null if it does not exist.</summary>
    public Task<GlueTable?> ReadAsync(string name, CancellationToken cancellationToken) =>
        glue.GetTableAsync(database, name, cancellationToken);

    /// <summary>
    /// Key of the folder that a table reads from, with a trailing slash. That is the folder of the table itself for a table that does not
    /// exist, which is created there, and for one that reads elsewhere, which the next load refuses.
    /// </summary>
    public string FolderOf(string name, GlueTable? stored)
    {
        var own = locationOf(name);
        var location = stored is { IsIceberg: false } && DatasetLocations.IsOf(stored.Location, own) ? stored.Location : own;
        return ObjectLocation.Parse(location.TrimEnd('/') + "/").Key;
    }

    /// <summary>Changes the LOCATION of a table, if nobody has changed the table since it was read.</summary>
    /// <param name="stored">The table as it was read.</param>
    /// <param name="folder">Key of the new folder, with a trailing slash, in the bucket of the old one.</param>
    /// <param name="attempt">Number of the attempt, 1 for the first; the last one fails with the error of Glue.</param>
    /// <param name="cancellationToken">Stops; the table may or may not be changed.</param>
    /// <returns>False when the table was changed, after a wait: read it again.</returns>
    public async Task<bool> TryChangeAsync(GlueTable stored, string folder, int attempt, CancellationToken cancellationToken)
    {
        var storage = stored.Definition.StorageDescriptor!;
        var location = (ObjectLocation.Parse(stored.Location) with { Key = folder }).ToString();
        var wanted = stored.Definition with { StorageDescriptor = storage with { Location = location } };
        try
        {
            // An archived version would name a folder whose files are about to go.
            await glue.UpdateTableAsync(database, wanted, stored.VersionId, skipArchive: true, cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (GlueException error) when (error.IsConflict && attempt < MaxAttempts)
        {
            var story = $"Other loads changed table '{database}.{stored.Name}' at the same time";
            await waits.WaitAsync(story, attempt, MaxAttempts, Contention.Wait(attempt), cancellationToken).ConfigureAwait(false);
            return false;
        }
    }
}
