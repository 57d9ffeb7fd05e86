using Dlt.Iceberg;
using Dlt.Lake;
using IcebergTable = Dlt.Iceberg.Table;

namespace Dlt.Destinations.Tables;

/// <summary>Makes, widens and drops databases and tables by calls of Glue, without a query. Iceberg tables get native commits.</summary>
/// <param name="glue">The catalog.</param>
/// <param name="iceberg">Catalog of the Iceberg tables.</param>
internal sealed class GlueDdl(IGlueCatalog glue, GlueCatalog iceberg) : ITableDdl
{
    public Task CreateDatabaseAsync(GlueDatabase database, CancellationToken cancellationToken) =>
        glue.CreateDatabaseAsync(database, cancellationToken);

    public Task DropDatabaseAsync(string name, CancellationToken cancellationToken) =>
        glue.DeleteDatabaseAsync(name, cancellationToken);

    public Task CreateExternalAsync(string database, GlueTableInput table, CancellationToken cancellationToken) =>
        glue.CreateTableAsync(database, table, cancellationToken);

    public async Task<bool> ChangeExternalAsync(GlueTable stored, GlueTableInput wanted, CancellationToken cancellationToken)
    {
        // Loads extend the parameters often, and Glue keeps a limited number of versions.
        var skipArchive = HasSameStorage(stored.Definition.StorageDescriptor, wanted.StorageDescriptor);
        await glue.UpdateTableAsync(stored.DatabaseName, wanted, stored.VersionId, skipArchive, cancellationToken).ConfigureAwait(false);
        return true;
    }

    public Task DropTableAsync(string database, string name, CancellationToken cancellationToken) =>
        glue.DeleteTableAsync(database, name, cancellationToken);

    public Task<IcebergTable> CreateIcebergAsync(NewIcebergTable table, CancellationToken cancellationToken) => iceberg.CreateTableAsync(
        table.Name, table.Schema, table.Spec, null, table.Location, table.MetadataProperties, cancellationToken);

    public Task<IcebergTable> ChangeIcebergAsync(IcebergTable table, IcebergChange change, CancellationToken cancellationToken)
    {
        var transaction = table.NewTransaction().Patiently();
        if (change.Properties.Count > 0) transaction.UpdateProperties(change.Properties);
        if (change.Schema is { } schema) transaction.UpdateSchema(schema);
        return transaction.CommitAsync(cancellationToken);
    }

    private static bool HasSameStorage(GlueStorageDescriptor? before, GlueStorageDescriptor? after) =>
        before is not null && after is not null && before.Location == after.Location && before.Columns.SequenceEqual(after.Columns);
}
