using Dlt.Lake;
using Dlt.Schemas;
using Dlt.Storage;

namespace Dlt.Destinations.Bookkeeping;

/// <summary>
/// The empty external state table of the staging dataset, which datasets of dlt have when their state table is an Iceberg table. dlt stages
/// the rows of such a table there, but makes the staging table in its first run only: without it, a dataset of ours could not be continued
/// by Python dlt.
/// </summary>
/// <param name="glue">Where the tables are.</param>
/// <param name="tables">Makes databases.</param>
/// <param name="bucket">Where datasets are.</param>
/// <param name="database">Name of the staging dataset's database.</param>
internal sealed class StagingStateTable(IGlueCatalog glue, TableMigrator tables, ObjectLocation bucket, string database)
{
    private const string Placeholder = "%s";

    /// <summary>Name of the staging dataset: the setting's text, with the dataset's name in the place of <c>%s</c>.</summary>
    public static string NameOf(string layout, string dataset) => layout.Replace(Placeholder, dataset, StringComparison.Ordinal);

    /// <summary>Makes database and table, if they are not there.</summary>
    public async Task CreateAsync(TableSchema state, CancellationToken cancellationToken)
    {
        if (await glue.GetTableAsync(database, state.Name, cancellationToken).ConfigureAwait(false) is not null) return;
        await tables.CreateDatabaseAsync(database, parameters: null, cancellationToken).ConfigureAwait(false);
        var location = bucket.Combine(database).Combine(state.Name + "/").ToString();
        try
        {
            await glue.CreateTableAsync(database, HiveTable.Define(state, location, AthenaCapabilities.Default), cancellationToken)
                .ConfigureAwait(false);
        }
        catch (GlueException error) when (error.IsAlreadyExists)
        {
            // Another pipeline was faster.
        }
    }
}
