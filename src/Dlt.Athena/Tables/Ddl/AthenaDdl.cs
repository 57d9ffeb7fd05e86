using System.Collections.Immutable;
using Dlt.Destinations.Catalogs;
using Dlt.Iceberg;
using Dlt.Lake;
using IcebergTable = Dlt.Iceberg.Table;

namespace Dlt.Destinations.Tables;

/// <summary>
/// Makes, widens and drops databases and tables by statements of Athena, each of which is in the query history. What no statement of Python
/// dlt does (partitions of external tables, locations, fields of structs, properties of single tables) is changed by Glue or by a native
/// commit, on condition that nobody else has changed the table. In a catalog that Glue does not serve, further statements change external
/// tables (<see cref="ExternalTableChange"/>).
/// </summary>
/// <param name="athena">Runs the statements.</param>
/// <param name="catalog">Name of the data catalog.</param>
/// <param name="glue">The same catalog in Glue.</param>
/// <param name="iceberg">Catalog of the Iceberg tables.</param>
/// <param name="foreign">Says whether Glue serves the catalog.</param>
internal sealed class AthenaDdl(IAthena athena, string catalog, IGlueCatalog glue, GlueCatalog iceberg, ForeignCatalog foreign) : ITableDdl
{
    private readonly DdlQueries _queries = new(athena);
    private readonly DdlStatements _statements = new(catalog);
    private readonly GlueDdl _glue = new(glue, iceberg);

    public Task CreateDatabaseAsync(GlueDatabase database, CancellationToken cancellationToken) =>
        RunAsync(database.Name, _statements.CreateDatabase(database), cancellationToken);

    public Task DropDatabaseAsync(string name, CancellationToken cancellationToken) =>
        RunAsync(name, _statements.DropDatabase(name), cancellationToken);

    public Task CreateExternalAsync(string database, GlueTableInput table, CancellationToken cancellationToken) =>
        RunAsync(database, _statements.CreateExternal(database, table), cancellationToken);

    public async Task<bool> ChangeExternalAsync(GlueTable stored, GlueTableInput wanted, CancellationToken cancellationToken)
    {
        var added = DdlStatements.AddedColumns(stored, wanted);
        if (added.Count == 0) return await ChangeRestAsync(stored, wanted, cancellationToken).ConfigureAwait(false);
        var statement = _statements.AddColumns(stored.DatabaseName, stored.Name, added);
        await RunAsync(stored.DatabaseName, statement, cancellationToken).ConfigureAwait(false);
        return HasNoOtherChange(stored.Definition, wanted, added.Count);
    }

    public Task DropTableAsync(string database, string name, CancellationToken cancellationToken) =>
        RunAsync(database, _statements.DropTable(database, name), cancellationToken);

    public async Task<IcebergTable> CreateIcebergAsync(NewIcebergTable table, CancellationToken cancellationToken)
    {
        try
        {
            await RunAsync(table.Name.Namespace, _statements.CreateIceberg(table), cancellationToken).ConfigureAwait(false);
        }
        catch (GlueException error) when (error.IsAlreadyExists)
        {
            throw new IcebergException(IcebergError.AlreadyExists, error.Message, error);
        }

        var made = await iceberg.LoadTableAsync(table.Name, cancellationToken).ConfigureAwait(false);
        var missing = NewIcebergTable.Added.RemoveRange(made.Metadata.Properties.Keys).SetItems(table.Declared)
            .Except(made.Metadata.Properties).ToDictionary();
        return missing.Count == 0
            ? made
            : await made.NewTransaction().Patiently().UpdateProperties(missing).CommitAsync(cancellationToken).ConfigureAwait(false);
    }

    public async Task<IcebergTable> ChangeIcebergAsync(IcebergTable table, IcebergChange change, CancellationToken cancellationToken)
    {
        if (change.Columns.Count == 0) return await _glue.ChangeIcebergAsync(table, change, cancellationToken).ConfigureAwait(false);
        var name = table.Identifier!;
        try
        {
            await RunAsync(name.Namespace, _statements.AddColumns(name, change.Columns), cancellationToken).ConfigureAwait(false);
        }
        catch (GlueException error) when (error.IsConflict)
        {
            throw new IcebergException(IcebergError.Conflict, error.Message, error);
        }

        return await iceberg.LoadTableAsync(name, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Changes an external table that has all its columns.</summary>
    private async Task<bool> ChangeRestAsync(GlueTable stored, GlueTableInput wanted, CancellationToken cancellationToken)
    {
        if (!foreign.IsUsed) return await _glue.ChangeExternalAsync(stored, wanted, cancellationToken).ConfigureAwait(false);
        foreach (var statement in ExternalTableChange.StatementsOf(_statements, stored, wanted))
            await RunAsync(stored.DatabaseName, statement, cancellationToken).ConfigureAwait(false);
        return true;
    }

    private static bool HasNoOtherChange(GlueTableInput stored, GlueTableInput wanted, int added)
    {
        var (before, after) = (stored.StorageDescriptor!, wanted.StorageDescriptor!);
        return before.Location == after.Location && before.Columns.SequenceEqual(after.Columns.SkipLast(added))
            && ParametersOf(stored).SequenceEqual(ParametersOf(wanted));
    }

    private static ImmutableSortedDictionary<string, string> ParametersOf(GlueTableInput table) =>
        table.Parameters ?? ImmutableSortedDictionary<string, string>.Empty;

    private Task RunAsync(string database, string sql, CancellationToken cancellationToken) =>
        _queries.RunAsync(database, sql, cancellationToken);
}
