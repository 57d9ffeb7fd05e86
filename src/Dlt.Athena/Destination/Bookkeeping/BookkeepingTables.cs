using Dlt.Lake;
using Dlt.Storage;

namespace Dlt.Destinations.Bookkeeping;

/// <summary>Opens bookkeeping tables: the one place that decides on their format. A table that exists keeps its own (design 4.3).</summary>
/// <param name="objects">Where the files are.</param>
/// <param name="glue">Where the tables are.</param>
/// <param name="database">The dataset's database.</param>
/// <param name="locationOf">Folder of a table that does not exist yet.</param>
internal sealed class BookkeepingTables(IObjectStore objects, IGlueCatalog glue, string database, Func<string, string> locationOf)
{
    /// <exception cref="DltException">The table has a format that cannot be read or written.</exception>
    public async Task<IBookkeepingTable> OpenAsync(string name, CancellationToken cancellationToken)
    {
        var table = await glue.GetTableAsync(database, name, cancellationToken).ConfigureAwait(false);
        if (table is { IsIceberg: true })
        {
            throw new DltException(
                $"Table '{database}.{name}' is an Iceberg table, which cannot be read yet, so the state of this dataset cannot be restored. Nothing was run. Load into another dataset.");
        }

        return new HiveBookkeepingTable(objects, ObjectLocation.Parse(table?.Location ?? locationOf(name)));
    }
}
