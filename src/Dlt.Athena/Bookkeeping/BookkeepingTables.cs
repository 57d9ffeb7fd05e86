using Dlt.Destinations.Tables;
using Dlt.Iceberg;
using Dlt.Lake;
using Dlt.Storage;

namespace Dlt.Destinations.Bookkeeping;

/// <summary>Opens bookkeeping tables of either format (<see cref="TableFormats"/>).</summary>
/// <param name="objects">Object store of the files.</param>
/// <param name="glue">Catalog of the tables.</param>
/// <param name="catalog">Catalog of the Iceberg tables among them.</param>
/// <param name="tables">Creates Iceberg tables.</param>
/// <param name="database">Database of the dataset.</param>
/// <param name="locationOf">Returns the folder of an external table.</param>
/// <param name="formats">Determines which tables are Iceberg tables.</param>
internal sealed class BookkeepingTables(
    IObjectStore objects, IGlueCatalog glue, GlueCatalog catalog, IcebergTables tables, string database, Func<string, string> locationOf,
    TableFormats formats)
{
    private readonly BookkeepingCache _cache = new();

    public async Task<IBookkeepingTable> OpenAsync(string name, CancellationToken cancellationToken)
    {
        var table = await glue.GetTableAsync(database, name, cancellationToken).ConfigureAwait(false);
        if (formats.IsIcebergBookkeeping(name, table))
            return new IcebergBookkeepingTable(catalog, tables, database, name) { Cache = _cache, Stored = table };

        // With a trailing slash, because the name of another folder may begin with this one.
        var folder = table is { Location.Length: > 0 } ? table.Location : locationOf(name);
        return new HiveBookkeepingTable(objects, ObjectLocation.Parse(folder.TrimEnd('/') + "/")) { Cache = _cache };
    }
}
