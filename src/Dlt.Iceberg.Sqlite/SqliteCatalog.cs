using System.Runtime.CompilerServices;
using Dlt.Internal;
using Microsoft.Data.Sqlite;

namespace Dlt.Iceberg;

/// <summary>
/// Catalog of Iceberg tables in a SQLite file. The JDBC catalog of Java and the SQL catalog of PyIceberg use the same layout and can open
/// the file. Data and metadata files are stored in a folder.
/// </summary>
public sealed class SqliteCatalog : MetastoreCatalog
{
    private const string DefaultName = "default";
    private const int SqliteBusy = 5;
    private const int SqliteLocked = 6;

    private readonly string _connection;
    private readonly string _warehouse;
    private readonly string _name;

    /// <summary>Opens a catalog, and creates the file if it does not exist.</summary>
    /// <param name="databasePath">Path of the SQLite file.</param>
    /// <param name="warehouse">Folder for new tables.</param>
    /// <param name="name">Name of the catalog within the file. Other tools must use the same name to see its tables.</param>
    /// <param name="time">Clock for timestamps and retries; null for the system clock.</param>
    public SqliteCatalog(string databasePath, string warehouse, string name = DefaultName, TimeProvider? time = null) : base(time)
    {
        _connection = new SqliteConnectionStringBuilder { DataSource = databasePath, DefaultTimeout = 30 }.ToString();
        _warehouse = Path.GetFullPath(warehouse);
        _name = name;
        using var connection = Open();
        Execute(connection, "PRAGMA journal_mode = WAL");
        Execute(connection, """
            CREATE TABLE IF NOT EXISTS iceberg_tables (
              catalog_name VARCHAR(255) NOT NULL, table_namespace VARCHAR(255) NOT NULL, table_name VARCHAR(255) NOT NULL,
              metadata_location VARCHAR(1000), previous_metadata_location VARCHAR(1000), iceberg_type VARCHAR(5),
              PRIMARY KEY (catalog_name, table_namespace, table_name));
            CREATE TABLE IF NOT EXISTS iceberg_namespace_properties (
              catalog_name VARCHAR(255) NOT NULL, namespace VARCHAR(255) NOT NULL, property_key VARCHAR(255) NOT NULL,
              property_value VARCHAR(1000), PRIMARY KEY (catalog_name, namespace, property_key));
            """);
    }

    /// <inheritdoc/>
    public override IFileIO Files { get; } = new LocalFileIO();

    /// <inheritdoc/>
    public override Task<Table?> TryLoadTableAsync(TableIdentifier identifier, CancellationToken cancellationToken = default) =>
        ReadTableAsync(identifier, _ => Task.FromResult(LocationOf(identifier)), cancellationToken);

    /// <inheritdoc/>
    public override async IAsyncEnumerable<TableIdentifier> ListTablesAsync(
        string @namespace, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await Task.CompletedTask.ConfigureAwait(false);
        var names = new List<string>();
        using (var connection = Open())
        {
            var isTable = HasTypes(connection) ? " AND (iceberg_type IS NULL OR iceberg_type = 'TABLE')" : "";
            var select = "SELECT table_name FROM iceberg_tables WHERE catalog_name = $c AND table_namespace = $n" + isTable
                + " ORDER BY table_name";
            using var command = Command(connection, select, @namespace, "");
            using var reader = command.ExecuteReader();
            while (reader.Read()) names.Add(reader.GetString(0));
        }

        foreach (var name in names) yield return new(@namespace, name);
    }

    /// <inheritdoc/>
    public override Task DropTableAsync(TableIdentifier identifier, CancellationToken cancellationToken = default)
    {
        using var connection = Open();
        const string Delete = "DELETE FROM iceberg_tables WHERE catalog_name = $c AND table_namespace = $n AND table_name = $t";
        using var command = Command(connection, Delete, identifier.Namespace, identifier.Name);
        return command.ExecuteNonQuery() == 1
            ? Task.CompletedTask
            : throw new IcebergException(IcebergError.NotFound, $"There is no table '{identifier}'. Nothing was dropped.");
    }

    /// <inheritdoc/>
    protected override async Task<Table> AddTableAsync(
        TableIdentifier identifier, TableMetadata metadata, CancellationToken cancellationToken)
    {
        var location = NextMetadataLocation(null, metadata);
        await WriteMetadataAsync(location, metadata, cancellationToken).ConfigureAwait(false);
        using var connection = Open();
        var (column, value) = HasTypes(connection) ? (", iceberg_type", ", 'TABLE'") : ("", "");
        var insert = $"INSERT OR IGNORE INTO iceberg_tables (catalog_name, table_namespace, table_name, metadata_location{column}) "
            + $"VALUES ($c, $n, $t, $m{value})";
        using var command = Command(connection, insert, identifier.Namespace, identifier.Name);
        command.Parameters.AddWithValue("$m", location);
        if (command.ExecuteNonQuery() == 1)
        {
            const string InsertNamespace = "INSERT OR IGNORE INTO iceberg_namespace_properties VALUES ($c, $n, 'exists', 'true')";
            using var exists = Command(connection, InsertNamespace, identifier.Namespace, identifier.Name);
            exists.ExecuteNonQuery();
            return NewTable(identifier, metadata, location);
        }

        await Files.DeleteAsync([location], CancellationToken.None).ConfigureAwait(false);
        throw new IcebergException(IcebergError.AlreadyExists, $"Table '{identifier}' already exists. It was not changed.");
    }

    /// <inheritdoc/>
    protected override async Task<CommitOutcome> MovePointerAsync(
        Table basis, string metadataLocation, TableMetadata next, CancellationToken cancellationToken)
    {
        await WriteMetadataAsync(metadataLocation, next, cancellationToken).ConfigureAwait(false);
        try
        {
            const string Update = "UPDATE iceberg_tables SET metadata_location = $m, previous_metadata_location = $b "
                + "WHERE catalog_name = $c AND table_namespace = $n AND table_name = $t AND metadata_location = $b";
            using var connection = Open();
            using var command = Command(connection, Update, basis.Identifier!.Namespace, basis.Identifier.Name);
            command.Parameters.AddWithValue("$m", metadataLocation);
            command.Parameters.AddWithValue("$b", basis.MetadataLocation);
            if (command.ExecuteNonQuery() == 1) return CommitOutcome.Committed;
        }
        catch (SqliteException error) when (error.SqliteErrorCode is SqliteBusy or SqliteLocked)
        {
            // SQLite did not run the update, so the new metadata file can be deleted.
        }
        catch (SqliteException)
        {
            return CommitOutcome.Unknown;
        }

        await Files.DeleteAsync([metadataLocation], CancellationToken.None).ConfigureAwait(false);
        return CommitOutcome.Conflict;
    }

    /// <inheritdoc/>
    protected override Task<string> NewTableLocationAsync(TableIdentifier identifier, CancellationToken cancellationToken)
    {
        FileNameComponent.CheckPathPart(identifier.Namespace, "namespace");
        FileNameComponent.CheckPathPart(identifier.Name, "table name");
        return Task.FromResult($"file://{_warehouse}/{identifier.Namespace}/{identifier.Name}");
    }

    private string? LocationOf(TableIdentifier identifier)
    {
        using var connection = Open();
        const string Select = "SELECT metadata_location FROM iceberg_tables "
            + "WHERE catalog_name = $c AND table_namespace = $n AND table_name = $t";
        using var command = Command(connection, Select, identifier.Namespace, identifier.Name);
        return command.ExecuteScalar() as string;
    }

    private SqliteConnection Open()
    {
        var connection = new SqliteConnection(_connection);
        connection.Open();
        Execute(connection, "PRAGMA synchronous = FULL; PRAGMA busy_timeout = 30000");
        return connection;
    }

    /// <summary>Returns whether the file has the column <c>iceberg_type</c>, which files of older tools lack.</summary>
    private static bool HasTypes(SqliteConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT count(*) FROM pragma_table_info('iceberg_tables') WHERE name = 'iceberg_type'";
        return command.ExecuteScalar() is 1L;
    }

    private SqliteCommand Command(SqliteConnection connection, string sql, string @namespace, string name)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        command.Parameters.AddWithValue("$c", _name);
        command.Parameters.AddWithValue("$n", @namespace);
        command.Parameters.AddWithValue("$t", name);
        return command;
    }

    private static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
