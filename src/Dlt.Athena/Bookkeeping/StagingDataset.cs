using Dlt.Destinations.Settings;
using Dlt.Destinations.Tables;
using Dlt.Iceberg;
using Dlt.Internal;
using Dlt.Lake;
using Dlt.Schemas;
using Schema = Dlt.Schemas.Schema;

namespace Dlt.Destinations.Bookkeeping;

/// <summary>
/// The staging dataset of Python dlt. Loads keep in it what Python dlt needs to go on with the dataset, and, for merges by Athena, the rows
/// of a load until it is complete.
/// </summary>
internal sealed class StagingDataset
{
    private readonly StagingStateTable _state;
    private readonly StagingVersions _versions;

    /// <summary>Names the dataset. No service is called.</summary>
    /// <param name="settings">Name of the staging dataset, and properties of new Iceberg tables.</param>
    /// <param name="lake">Catalog and store.</param>
    /// <param name="locations">Locations of the tables of the dataset.</param>
    /// <param name="catalog">Opens Iceberg tables.</param>
    /// <param name="migrator">Creates databases, and knows the formats of the tables.</param>
    /// <param name="dataset">Database of the dataset.</param>
    /// <param name="context">Clock and warnings.</param>
    /// <exception cref="ConfigurationException">Both datasets would have one name.</exception>
    public StagingDataset(
        AthenaSettings settings, LakeAccount lake, DatasetLocations locations, GlueCatalog catalog, TableMigrator migrator, string dataset,
        DestinationContext context)
    {
        Database = NameOf(settings, dataset);
        string FolderOf(string table) => locations.Of(table, Database);
        _state = new(lake.Glue, migrator, Database, FolderOf);
        var iceberg = new IcebergTables(catalog, Database, FolderOf, settings.TableProperties, migrator.Ddl);
        var tables = new BookkeepingTables(
            lake.Objects, new(lake.Glue, Database, context.Time), catalog, iceberg, Database, FolderOf, migrator.Formats)
        { Failures = new(context.Warn) };
        _versions = new(lake.Glue, migrator, new(tables, context.Time), Database, FolderOf, context.Warn);
    }

    /// <summary>Name of the Glue database.</summary>
    public string Database { get; }

    /// <inheritdoc cref="StagingVersions.StoreAsync"/>
    public Task StoreSchemaAsync(string loadId, Schema schema, Func<TableSchema, bool> isIceberg, CancellationToken cancellationToken) =>
        _versions.StoreAsync(loadId, schema, isIceberg, cancellationToken);

    /// <inheritdoc cref="StagingVersions.MakeAsync"/>
    public Task MakeTablesAsync(
        string loadId, Schema schema, Func<TableSchema, bool> isIceberg, Func<string, bool> isStaged,
        CancellationToken cancellationToken) =>
        _versions.MakeAsync(loadId, schema, isIceberg, isStaged, cancellationToken);

    /// <inheritdoc cref="StagingStateTable.CreateAsync"/>
    public Task CreateStateTableAsync(TableSchema state, CancellationToken cancellationToken) =>
        _state.CreateAsync(state, cancellationToken);

    private static string NameOf(AthenaSettings settings, string dataset)
    {
        var name = DatabaseName.Normalized(settings, StagingStateTable.NameOf(settings.StagingDatasetNameLayout, dataset));
        FileNameComponent.CheckPathPart(name, "staging dataset name, from destination.athena.staging_dataset_name_layout,");
        return name != dataset ? name : throw new ConfigurationException(
            $"The staging dataset would have the name of the dataset, '{name}', and Python dlt empties the tables of its staging dataset. "
            + $"Nothing was run. Set staging_dataset_name_layout to a name with %s and more, such as "
            + $"{AthenaSettings.DefaultStagingDatasetNameLayout}.")
        { Fields = ["staging_dataset_name_layout"] };
    }
}
