using Dlt.Destinations.Iceberg;
using Dlt.Iceberg;
using Dlt.Lake;
using Dlt.Schemas;
using Dlt.Storage;

namespace Dlt.Destinations.Bookkeeping;

/// <summary>
/// Opens bookkeeping tables: the one place that decides on their format. A table that exists keeps its own; new ones are Iceberg tables,
/// but that of the state, which Python dlt writes as files (design 4.3).
/// </summary>
/// <param name="objects">Where the files are.</param>
/// <param name="glue">Where the tables are.</param>
/// <param name="catalog">The Iceberg tables among them.</param>
/// <param name="tables">Makes Iceberg tables.</param>
/// <param name="database">The dataset's database.</param>
/// <param name="locationOf">Folder of a table of files.</param>
/// <param name="forcesIceberg">True: the state's table is an Iceberg table as well.</param>
internal sealed class BookkeepingTables(
    IObjectStore objects, IGlueCatalog glue, GlueCatalog catalog, IcebergTables tables, string database, Func<string, string> locationOf,
        bool forcesIceberg)
{
    private readonly BookkeepingCache _cache = new();

    public async Task<IBookkeepingTable> OpenAsync(string name, CancellationToken cancellationToken)
    {
        var table = await glue.GetTableAsync(database, name, cancellationToken).ConfigureAwait(false);
        if (IsIceberg(name, table)) return new IcebergBookkeepingTable(catalog, tables, database, name) { Cache = _cache, Stored = table };

        // With one slash at its end: another folder may begin with the same name.
        var folder = table is { Location.Length: > 0 } ? table.Location : locationOf(name);
        return new HiveBookkeepingTable(objects, ObjectLocation.Parse(folder.TrimEnd('/') + "/")) { Cache = _cache };
    }

    /// <summary>Format of a table, whether it is there or not.</summary>
    public bool IsIceberg(string name, GlueTable? stored) =>
        stored?.IsIceberg ?? (forcesIceberg || name is SystemTables.Version or SystemTables.Loads);
}
