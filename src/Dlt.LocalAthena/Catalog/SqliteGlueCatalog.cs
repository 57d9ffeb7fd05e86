using System.Globalization;
using System.Runtime.CompilerServices;
using Dlt.Lake;
using Microsoft.Data.Sqlite;

namespace Dlt.Local;

/// <summary>
/// A Glue catalog in one SQLite file: table versions, optimistic locking, safe for several processes (spec/aws-apis.md 3.2, 3.4).
/// </summary>
internal sealed class SqliteGlueCatalog : IGlueCatalog
{
    private const int BusyTimeoutSeconds = 30;
    private const int KeptVersions = 100;

    private readonly string _path;
    private readonly string _connectionString;

    public SqliteGlueCatalog(string path)
    {
        _path = path;
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            _connectionString = new SqliteConnectionStringBuilder
            {
                DataSource = path,
                DefaultTimeout = BusyTimeoutSeconds,
                Pooling = false,
            }.ToString();
            using var connection = Open();
            Execute(connection, null, """
                PRAGMA journal_mode = WAL;
                CREATE TABLE IF NOT EXISTS databases (name TEXT PRIMARY KEY, definition TEXT NOT NULL, created_at REAL NOT NULL);
                CREATE TABLE IF NOT EXISTS tables (
                    database TEXT NOT NULL REFERENCES databases (name) ON DELETE CASCADE, name TEXT NOT NULL,
                    version INTEGER NOT NULL, definition TEXT NOT NULL, created_at REAL NOT NULL, updated_at REAL NOT NULL,
                    PRIMARY KEY (database, name));
                CREATE TABLE IF NOT EXISTS table_versions (
                    database TEXT NOT NULL, name TEXT NOT NULL, version INTEGER NOT NULL, definition TEXT NOT NULL,
                    updated_at REAL NOT NULL,
                    PRIMARY KEY (database, name, version));
                """);
        }
        catch (Exception error) when (error is SqliteException or IOException or UnauthorizedAccessException)
        {
            throw new DltException($"The local Glue catalog {path} cannot be opened: {error.Message} Nothing was run.", error);
        }
    }

    public Task<GlueDatabase?> GetDatabaseAsync(string name, CancellationToken cancellationToken = default)
    {
        using var connection = Open();
        var definition = Scalar(connection, null, "SELECT definition FROM databases WHERE name = $name", ("$name", Fold(name))) as string;
        return Task.FromResult(definition is null ? null : GlueJson.ReadDatabase(definition));
    }

    public async IAsyncEnumerable<GlueDatabase> GetDatabasesAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await Task.CompletedTask.ConfigureAwait(false);
        foreach (var row in Rows("SELECT definition FROM databases ORDER BY name"))
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return GlueJson.ReadDatabase((string)row[0]);
        }
    }

    public Task CreateDatabaseAsync(GlueDatabase database, CancellationToken cancellationToken = default)
    {
        var name = CheckName(database.Name, "databaseInput.name");
        using var connection = Open();
        var added = Execute(
            connection, null, "INSERT INTO databases (name, definition, created_at) VALUES ($name, $definition, $now) ON CONFLICT "
                + "DO NOTHING",
            ("$name", name), ("$definition", GlueJson.Write(database with { Name = name })), ("$now", Now()));
        return added == 1 ? Task.CompletedTask : throw new GlueException("AlreadyExistsException", "Database already exists.");
    }

    public Task DeleteDatabaseAsync(string name, CancellationToken cancellationToken = default)
    {
        using var connection = Open();
        using var transaction = connection.BeginTransaction(deferred: false);
        Execute(connection, transaction, "DELETE FROM table_versions WHERE database = $name", ("$name", Fold(name)));
        var deleted = Execute(connection, transaction, "DELETE FROM databases WHERE name = $name", ("$name", Fold(name)));
        Commit(transaction);
        return deleted == 1 ? Task.CompletedTask : throw NotFound($"Database {name} not found.");
    }

    public Task<GlueTable?> GetTableAsync(string database, string name, CancellationToken cancellationToken = default) =>
        Task.FromResult(Tables("WHERE database = $database AND name = $name", ("$database", Fold(database)), ("$name", Fold(name)))
            .FirstOrDefault());

    public async IAsyncEnumerable<GlueTable> GetTablesAsync(
        string database, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await Task.CompletedTask.ConfigureAwait(false);
        foreach (var table in Tables("WHERE database = $database ORDER BY name", ("$database", Fold(database))))
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return table;
        }
    }

    public Task CreateTableAsync(string database, GlueTableInput table, CancellationToken cancellationToken = default)
    {
        var name = CheckName(table.Name, "tableInput.name");
        using var connection = Open();
        using var transaction = connection.BeginTransaction(deferred: false);
        if (Scalar(connection, transaction, "SELECT 1 FROM databases WHERE name = $name", ("$name", Fold(database))) is null)
            throw NotFound($"Database {database} not found.");
        var added = Execute(
            connection, transaction,
            "INSERT INTO tables (database, name, version, definition, created_at, updated_at) VALUES ($database, $name, 0, $definition, "
                + "$now, $now) ON CONFLICT DO NOTHING",
            ("$database", Fold(database)), ("$name", name), ("$definition", GlueJson.Write(Folded(table))), ("$now", Now()));
        if (added == 0) throw new GlueException("AlreadyExistsException", "Table already exists.");
        Commit(transaction);
        return Task.CompletedTask;
    }

    public Task UpdateTableAsync(string database, GlueTableInput table, string? versionId = null,
        bool skipArchive = false, CancellationToken cancellationToken = default)
    {
        (string, object)[] key = [("$database", Fold(database)), ("$name", Fold(table.Name))];
        using var connection = Open();
        using var transaction = connection.BeginTransaction(deferred: false);
        if (Scalar(connection, transaction, "SELECT version FROM tables WHERE database = $database AND name = $name",
            key) is not long version) throw NotFound($"Table {table.Name} not found.");
        if (versionId is not null && versionId != version.ToString(CultureInfo.InvariantCulture))
            throw new GlueException(
                "ConcurrentModificationException", "Update table failed due to concurrent modifications.") { IsTransient = true };
        if (!skipArchive)
        {
            Execute(connection, transaction,
                "INSERT INTO table_versions SELECT database, name, version, definition, updated_at FROM tables WHERE database = $database "
                    + "AND name = $name", key);
            Execute(connection, transaction,
                $"DELETE FROM table_versions WHERE database = $database AND name = $name AND version <= {version - KeptVersions}", key);
        }

        Execute(
            connection, transaction,
            "UPDATE tables SET version = version + 1, definition = $definition, updated_at = $now WHERE database = $database AND "
                + "name = $name",
            [.. key, ("$definition", GlueJson.Write(Folded(table))), ("$now", Now())]);
        Commit(transaction);
        return Task.CompletedTask;
    }

    public Task DeleteTableAsync(string database, string name, CancellationToken cancellationToken = default)
    {
        (string, object)[] key = [("$database", Fold(database)), ("$name", Fold(name))];
        using var connection = Open();
        using var transaction = connection.BeginTransaction(deferred: false);
        Execute(connection, transaction, "DELETE FROM table_versions WHERE database = $database AND name = $name", key);
        var deleted = Execute(connection, transaction, "DELETE FROM tables WHERE database = $database AND name = $name", key);
        Commit(transaction);
        return deleted == 1 ? Task.CompletedTask : throw NotFound($"Table {name} not found.");
    }

    private static GlueException NotFound(string message) => new("EntityNotFoundException", message);

    private static string Fold(string name) => name.ToLowerInvariant();

    private static double Now() => (TimeProvider.System.GetUtcNow() - DateTimeOffset.UnixEpoch).TotalSeconds;

    private static DateTimeOffset Time(object seconds) => DateTimeOffset.UnixEpoch.AddSeconds((double)seconds);

    private static string CheckName(string name, string field)
    {
        if (name.Length is 0 or > 255 || name.AsSpan().ContainsAny("\r\n\t"))
            throw new GlueException("InvalidInputException",
                $"1 validation error detected: Value '{name}' at '{field}' failed to satisfy constraint: Member must have length between 1 "
                    + "and 255 and no line breaks.");
        return Fold(name);
    }

    /// <summary>Names of tables, columns and partition keys are lower case in Glue.</summary>
    private static GlueTableInput Folded(GlueTableInput table) => table with
    {
        Name = Fold(table.Name),
        StorageDescriptor = table.StorageDescriptor is { } storage
            ? storage with { Columns = [.. storage.Columns.Select(c => c with { Name = Fold(c.Name) })] } : null,
        PartitionKeys = table.PartitionKeys is { } keys ? [.. keys.Select(k => k with { Name = Fold(k.Name) })] : null,
    };

    private IEnumerable<GlueTable> Tables(string where, params (string, object)[] parameters) =>
        Rows($"SELECT database, definition, version, created_at, updated_at FROM tables {where}", parameters)
            .Select(r => new GlueTable((string)r[0], GlueJson.ReadTable((string)r[1]), ((long)r[2]).ToString(CultureInfo.InvariantCulture),
                Time(r[3]), Time(r[4])));

    private SqliteConnection Open()
    {
        var connection = new SqliteConnection(_connectionString);
        Run(() =>
        {
            connection.Open();
            return true;
        });
        // SQLite itself tries again soon; the library sleeps 150 ms
        Execute(connection, null, "PRAGMA foreign_keys = ON; PRAGMA synchronous = FULL; PRAGMA busy_timeout = "
            + $"{BusyTimeoutSeconds * 1000}");
        return connection;
    }

    private List<object[]> Rows(string sql, params (string Name, object Value)[] parameters)
    {
        using var connection = Open();
        using var command = Command(connection, null, sql, parameters);
        return Run(() =>
        {
            using var reader = command.ExecuteReader();
            var rows = new List<object[]>();
            while (reader.Read())
            {
                var row = new object[reader.FieldCount];
                reader.GetValues(row);
                rows.Add(row);
            }

            return rows;
        });
    }

    private void Commit(SqliteTransaction transaction) => Run(() =>
    {
        transaction.Commit();
        return true;
    });

    /// <summary>A disk that is full or fails is named as such, whichever statement meets it.</summary>
    private T Run<T>(Func<T> call)
    {
        try
        {
            return call();
        }
        catch (SqliteException error) when (SqliteDisk.IsConcerned(error))
        {
            throw SqliteDisk.Failed(_path, error);
        }
    }

    private int Execute(SqliteConnection connection, SqliteTransaction? transaction, string sql,
        params (string Name, object Value)[] parameters)
    {
        using var command = Command(connection, transaction, sql, parameters);
        return Run(command.ExecuteNonQuery);
    }

    private object? Scalar(SqliteConnection connection, SqliteTransaction? transaction, string sql,
        params (string Name, object Value)[] parameters)
    {
        using var command = Command(connection, transaction, sql, parameters);
        return Run(command.ExecuteScalar);
    }

    private static SqliteCommand Command(SqliteConnection connection, SqliteTransaction? transaction,
        string sql, (string Name, object Value)[] parameters)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        command.Transaction = transaction;
        foreach (var (name, value) in parameters) command.Parameters.AddWithValue(name, value);
        return command;
    }
}
