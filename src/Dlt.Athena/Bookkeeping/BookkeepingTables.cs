using Dlt.Destinations.Tables;
using Dlt.Iceberg;
using Dlt.Lake;
using Dlt.Storage;

namespace Dlt.Destinations.Bookkeeping;

/// <summary>Opens bookkeeping tables of either format (<see cref="TableFormats"/>).</summary>
/// <param name="objects">Object store of the files.</param>
/// <param name="look">The look at the catalog that the steps of a run share.</param>
/// <param name="catalog">Catalog of the Iceberg tables among them.</param>
/// <param name="tables">Creates Iceberg tables.</param>
/// <param name="database">Database of the dataset.</param>
/// <param name="locationOf">Returns the folder of an external table.</param>
/// <param name="formats">Determines which tables are Iceberg tables.</param>
internal sealed class BookkeepingTables(
    IObjectStore objects, CatalogLook look, GlueCatalog catalog, IcebergTables tables, string database, Func<string, string> locationOf,
    TableFormats formats)
{
    private readonly BookkeepingCache _cache = new();

    /// <summary>Failures of the upkeep of the tables.</summary>
    public required UpkeepFailures Failures { get; init; }

    /// <summary>Returns the load id in the key of a file of a table; null for a key that has none.</summary>
    public Func<string, Func<ObjectLocation, string?>> LoadIdsOf { get; init; } = _ => _ => null;

    /// <summary>Opens a table as it is now.</summary>
    public async Task<IBookkeepingTable> OpenAsync(string name, CancellationToken cancellationToken) =>
        Opened(name, await look.ReadAsync(name, cancellationToken).ConfigureAwait(false));

    /// <summary>
    /// Opens a table as the run has seen it a short time ago. Rows of other pipelines may be newer; a commit to it notices them.
    /// </summary>
    public async Task<IBookkeepingTable> OpenSeenAsync(string name, CancellationToken cancellationToken)
    {
        var seen = await look.FindAsync([.. CatalogLook.Bookkeeping, name], cancellationToken).ConfigureAwait(false);
        return Opened(name, seen.GetValueOrDefault(name.ToLowerInvariant()));
    }

    /// <summary>Forgets a table that is changed, so that it is read again.</summary>
    public void Forget(string name) => look.Forget(name);

    private IBookkeepingTable Opened(string name, GlueTable? table)
    {
        if (formats.IsIcebergBookkeeping(name, table))
            return new IcebergBookkeepingTable(catalog, tables, database, name, Failures) { Cache = _cache, Stored = table };

        // With a trailing slash, because the name of another folder may begin with this one.
        var folder = table is { Location.Length: > 0 } ? table.Location : locationOf(name);
        return new HiveBookkeepingTable(objects, ObjectLocation.Parse(folder.TrimEnd('/') + "/"))
        {
            Cache = _cache,
            LoadIdOf = LoadIdsOf(name),
        };
    }
}
