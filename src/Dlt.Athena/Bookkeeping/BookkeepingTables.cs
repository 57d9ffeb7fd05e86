using Dlt.Destinations.Iceberg;
using Dlt.Iceberg;
using Dlt.Lake;
using Dlt.Schemas;
using Dlt.Storage;

namespace Dlt.Destinations.Bookkeeping;

/// <summary>
/// Opens bookkeeping tables, whatever their format (<see cref="TableFormats"/>).
/// </summary>
/// <param name="objects">Where the files are.</param>
/// <param name="glue">Where the tables are.</param>
/// <param name="catalog">The Iceberg tables among them.</param>
/// <param name="tables">Makes Iceberg tables.</param>
/// <param name="database">The dataset's database.</param>
/// <param name="locationOf">Folder of a table of files.</param>
/// <param name="formats">Says which of them are Iceberg tables.</param>
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

        // With one slash at its end: another folder may begin with the same name.
        var folder = table is { Location.Length: > 0 } ? table.Location : locationOf(name);
        return new HiveBookkeepingTable(objects, ObjectLocation.Parse(folder.TrimEnd('/') + "/")) { Cache = _cache };
    }
}
