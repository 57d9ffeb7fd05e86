using System.Collections.Concurrent;
using System.Collections.Immutable;
using Dlt.Destinations.Tables;
using Dlt.Iceberg;
using Dlt.Lake;
using IcebergTable = Dlt.Iceberg.Table;

namespace Dlt.Destinations.Previews;

/// <summary>
/// Notes the changes of databases and tables as statements, and makes them in the catalog of the preview, so that the next decision is that
/// of the load.
/// </summary>
/// <param name="catalog">Name of the data catalog.</param>
/// <param name="glue">Catalog of the preview.</param>
/// <param name="iceberg">Iceberg tables of the preview.</param>
/// <param name="usesQueries">True when the load would run the statements in Athena (<c>ddl = "athena"</c>).</param>
/// <param name="isForeign">True when Glue does not serve the catalog, so that statements make further changes.</param>
internal sealed class PreviewDdl(string catalog, IGlueCatalog glue, GlueCatalog iceberg, bool usesQueries, Func<bool> isForeign) : ITableDdl
{
    private readonly ConcurrentQueue<PlannedStatement> _statements = new();
    private readonly DdlStatements _texts = new(catalog);
    private readonly GlueDdl _made = new(glue, iceberg);

    /// <summary>Returns the statements since the last call, in the order of the decisions.</summary>
    public ImmutableArray<PlannedStatement> Take()
    {
        var taken = ImmutableArray.CreateBuilder<PlannedStatement>();
        while (_statements.TryDequeue(out var statement)) taken.Add(statement);
        return taken.ToImmutable();
    }

    public async Task CreateDatabaseAsync(GlueDatabase database, CancellationToken cancellationToken)
    {
        await _made.CreateDatabaseAsync(database, cancellationToken).ConfigureAwait(false);
        Note(PlannedStatementKind.CreateDatabase, database.Name, null, _texts.CreateDatabase(database), usesQueries);
    }

    public async Task DropDatabaseAsync(string name, CancellationToken cancellationToken) =>
        await _made.DropDatabaseAsync(name, cancellationToken).ConfigureAwait(false);   // no load drops a database

    public async Task CreateExternalAsync(string database, GlueTableInput table, CancellationToken cancellationToken)
    {
        await _made.CreateExternalAsync(database, table, cancellationToken).ConfigureAwait(false);
        Note(PlannedStatementKind.CreateTable, database, table.Name, _texts.CreateExternal(database, table), usesQueries);
    }

    public async Task<bool> ChangeExternalAsync(GlueTable stored, GlueTableInput wanted, CancellationToken cancellationToken)
    {
        await _made.ChangeExternalAsync(stored, wanted, cancellationToken).ConfigureAwait(false);
        var added = DdlStatements.AddedColumns(stored, wanted);
        if (added.Count > 0)
        {
            Note(
                PlannedStatementKind.ChangeTable, stored.DatabaseName, stored.Name,
                _texts.AddColumns(stored.DatabaseName, stored.Name, added), usesQueries, added);
        }

        // What else is changed needs no statement where Glue serves the catalog.
        var before = added.Count == 0 ? stored : With(stored, wanted.StorageDescriptor!.Columns, added);
        foreach (var statement in ExternalTableChange.StatementsOf(_texts, before, wanted))
            Note(PlannedStatementKind.ChangeTable, stored.DatabaseName, stored.Name, statement, isForeign());
        return true;
    }

    public async Task DropTableAsync(string database, string name, CancellationToken cancellationToken)
    {
        await _made.DropTableAsync(database, name, cancellationToken).ConfigureAwait(false);
        Note(PlannedStatementKind.DropTable, database, name, _texts.DropTable(database, name), usesQueries);
    }

    public async Task<IcebergTable> CreateIcebergAsync(NewIcebergTable table, CancellationToken cancellationToken)
    {
        var made = await _made.CreateIcebergAsync(table, cancellationToken).ConfigureAwait(false);
        Note(PlannedStatementKind.CreateTable, table.Name.Namespace, table.Name.Name, _texts.CreateIceberg(table), usesQueries);
        return made;
    }

    public async Task<IcebergTable> ChangeIcebergAsync(IcebergTable table, IcebergChange change, CancellationToken cancellationToken)
    {
        var made = await _made.ChangeIcebergAsync(table, change, cancellationToken).ConfigureAwait(false);
        var (database, name) = (table.Identifier!.Namespace, table.Identifier!.Name);
        void Changed(string sql, bool isQuery, IEnumerable<GlueColumn>? columns = null) =>
            Note(PlannedStatementKind.ChangeTable, database, name, sql, isQuery, columns);
        if (change.Columns.Count > 0)
        {
            var added = change.Columns.Select(c => new GlueColumn(c.Name, GlueTypes.Of(c.Type)));
            Changed(_texts.AddColumns(table.Identifier!, change.Columns), usesQueries, added);
        }

        var widened = made.Metadata.CurrentSchema.Fields
            .Where(f => table.Metadata.CurrentSchema.Fields.Any(o => o.Name == f.Name && GlueTypes.Of(o.Type) != GlueTypes.Of(f.Type)));
        foreach (var field in widened)
            Changed($"-- {database}.{name}: column {field.Name} becomes {GlueTypes.Of(field.Type)}", isQuery: false);
        if (change.Properties.Count > 0)
            Changed(_texts.SetProperties(database, name, change.Properties.OrderBy(p => p.Key, StringComparer.Ordinal)), isQuery: false);
        return made;
    }

    /// <summary>A stored table after it got columns.</summary>
    private static GlueTable With(GlueTable stored, ImmutableArray<GlueColumn> wanted, List<GlueColumn> added)
    {
        var storage = stored.Definition.StorageDescriptor!;
        var columns = wanted.Select(c => storage.Columns.FirstOrDefault(s => s.Name == c.Name) ?? added.First(a => a.Name == c.Name));
        return stored with { Definition = stored.Definition with { StorageDescriptor = storage with { Columns = [.. columns] } } };
    }

    private void Note(
        PlannedStatementKind kind, string database, string? table, string sql, bool isQuery, IEnumerable<GlueColumn>? columns = null) =>
        _statements.Enqueue(new()
        {
            Kind = kind,
            Database = database,
            Table = table,
            Sql = sql,
            IsQuery = isQuery,
            NewColumns = [.. (columns ?? []).Select(c => new PlannedColumn(c.Name, c.Type))],
        });
}
