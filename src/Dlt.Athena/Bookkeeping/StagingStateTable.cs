using Dlt.Destinations.Tables;
using Dlt.Lake;
using Dlt.Schemas;

namespace Dlt.Destinations.Bookkeeping;

/// <summary>
/// The empty external state table of the staging dataset. dlt stages the rows of an Iceberg state table there, but creates the staging
/// table only in its first run. Without it, Python dlt could not continue a dataset of ours.
/// </summary>
/// <param name="glue">Catalog of the tables.</param>
/// <param name="tables">Creates databases and tables.</param>
/// <param name="database">Name of the database of the staging dataset.</param>
/// <param name="locationOf">Returns the folder of a table of the staging dataset.</param>
internal sealed class StagingStateTable(IGlueCatalog glue, TableMigrator tables, string database, Func<string, string> locationOf)
{
    private const string Placeholder = "%s";

    /// <summary>Name of the staging dataset: the setting with the dataset's name in place of <c>%s</c>.</summary>
    public static string NameOf(string layout, string dataset) => layout.Replace(Placeholder, dataset, StringComparison.Ordinal);

    /// <summary>Creates the database and the table, if they do not exist.</summary>
    public async Task CreateAsync(TableSchema state, CancellationToken cancellationToken)
    {
        if (await glue.GetTableAsync(database, state.Name, cancellationToken).ConfigureAwait(false) is not null) return;
        await tables.CreateDatabaseAsync(database, parameters: null, cancellationToken).ConfigureAwait(false);
        try
        {
            var defined = HiveTable.Define(state, locationOf(state.Name), AthenaCapabilities.Default);
            await tables.Ddl.CreateExternalAsync(database, defined, cancellationToken).ConfigureAwait(false);
        }
        catch (GlueException error) when (error.IsAlreadyExists)
        {
            // Another pipeline created it first.
        }
    }
}
