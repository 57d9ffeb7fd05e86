using Dlt.Lake;
using Dlt.Storage;
using DuckDB.NET.Data;

namespace Dlt.Local;

/// <summary>
/// Makes the tables of the catalog available in the session of one query. Databases become schemas, and tables views, of an attached
/// catalog, so names with one, two or three parts work.
/// </summary>
/// <param name="glue">Catalog of the tables.</param>
/// <param name="objects">Object store of the files.</param>
/// <param name="session">Session of the query.</param>
/// <param name="query">The query.</param>
/// <param name="newSpill">Returns the path of a new temporary file in the account.</param>
internal sealed class QueryTables(IGlueCatalog glue, FolderObjectStore objects, DuckSession session,
    AthenaQuery query, Func<string> newSpill)
{
    private const string DefaultCatalog = "awsdatacatalog";

    /// <summary>Words of statements that list tables without naming them.</summary>
    private static readonly string[] ListingWords = ["show", "describe", "information_schema", "duckdb_", "pg_", "sqlite_", "pragma"];

    private readonly AccountFiles _files = new(objects);
    private readonly HashSet<string> _names = new(StringComparer.OrdinalIgnoreCase);
    private readonly string? _database = query.Database?.ToLowerInvariant();
    private readonly bool _listsTables = ListingWords.Any(w => query.Sql.Contains(w, StringComparison.OrdinalIgnoreCase));

    /// <summary>Names of the tables in the databases that the statement may refer to.</summary>
    public IReadOnlySet<string> Names => _names;

    /// <summary>The tables among them that cannot be read.</summary>
    public UnreadableTables Unreadable { get; } = new();

    /// <summary>Creates the schemas and views.</summary>
    /// <exception cref="AthenaQueryException">The database of the query does not exist.</exception>
    public async Task PrepareAsync(CancellationToken cancellationToken)
    {
        session.Execute($"ATTACH ':memory:' AS {DefaultCatalog}");
        var found = false;
        await foreach (var database in glue.GetDatabasesAsync(cancellationToken).ConfigureAwait(false))
        {
            var isOwn = database.Name == _database;
            found |= isOwn;
            if (isOwn || IsNamed(database.Name)) await AddDatabaseAsync(database.Name, cancellationToken).ConfigureAwait(false);
        }

        if (_database is null) return;
        if (!found) throw new AthenaQueryException("SCHEMA_NOT_FOUND", $"Schema '{query.Database}' does not exist");
        session.Execute($"USE {DefaultCatalog}.{DuckIdentifier.Quote(_database)}");
    }

    /// <summary>True when the statement may refer to a database or table; a part of another word is enough.</summary>
    private bool IsNamed(string name) => query.Sql.Contains(name, StringComparison.OrdinalIgnoreCase);

    private async Task AddDatabaseAsync(string database, CancellationToken cancellationToken)
    {
        var schema = $"{DefaultCatalog}.{DuckIdentifier.Quote(database)}";
        session.Execute($"CREATE SCHEMA IF NOT EXISTS {schema}");
        await foreach (var table in glue.GetTablesAsync(database, cancellationToken).ConfigureAwait(false))
        {
            _names.Add(table.Name);
            try
            {
                await AddTableAsync(table, $"{schema}.{DuckIdentifier.Quote(table.Name)}", cancellationToken).ConfigureAwait(false);
            }
            catch (Exception error) when (error is DltException or DuckDBException or FormatException)
            {
                Unreadable.Add(table.Name, UnreadableTables.Described(table, error));
            }
        }
    }

    /// <summary>
    /// Adds a view of a table that the statement may refer to. Other tables get a view with their columns and no rows, if the statement may
    /// list them: thousands of views take seconds.
    /// </summary>
    private async Task AddTableAsync(GlueTable table, string name, CancellationToken cancellationToken)
    {
        var isNamed = IsNamed(table.Name);
        if (!isNamed && !_listsTables) return;
        if (table.IsIceberg)
        {
            if (isNamed)
            {
                var spill = newSpill();
                await IcebergView.CreateAsync(table, objects, _files, name, session, spill, cancellationToken).ConfigureAwait(false);
            }
            else
            {
                session.Execute($"CREATE VIEW {name} AS {TableView.Empty(table)}");
            }

            return;
        }

        var files = isNamed ? await new TableFiles(glue, _files).ListAsync(table, cancellationToken).ConfigureAwait(false) : [];
        session.Execute($"CREATE VIEW {name} AS {TableView.Select(table, files, file => session.Allow(_files.PathOf(file)))}");
    }
}
