using Dlt.Lake;
using Microsoft.Data.Sqlite;

namespace Dlt.Local;

/// <summary>
/// A Glue catalog in one SQLite file, with table versions and optimistic locking; several processes can use it at the same time
/// (docs/spec/aws-apis.md 3.2, 3.4). This file has the connection and statements; each resource of the API has its own file.
/// </summary>
internal sealed partial class SqliteGlueCatalog : IGlueCatalog
{
    private const int BusyTimeoutSeconds = 30;
    private const int ReadOnlyError = 8;
    private const int CannotOpen = 14;

    private readonly string _path;
    private readonly string _connectionString;

    public SqliteGlueCatalog(string path)
    {
        _path = path;
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            _connectionString = ConnectionTo(path, SqliteOpenMode.ReadWriteCreate);
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
                """ + PartitionTable);
        }
        catch (Exception error) when (IsNotWritable(error) && File.Exists(path))
        {
            _connectionString = ReadOnly(path);
            CheckReadable(error);
        }
        catch (Exception error) when (error is SqliteException or IOException or UnauthorizedAccessException)
        {
            throw new DltException($"The local Glue catalog {path} cannot be opened: {error.Message} Nothing was run.", error);
        }
    }

    private SqliteGlueCatalog(string path, string connectionString) => (_path, _connectionString) = (path, connectionString);

    /// <summary>Opens a catalog without writing a byte to its folder. Calls that change it are refused.</summary>
    public static SqliteGlueCatalog OpenReadOnly(string path) => new(path, ReadOnly(path));

    /// <summary>
    /// The database as an immutable file: SQLite would otherwise make a file beside it. Commits that a killed process left in its log are
    /// in other files, which then must be read too.
    /// </summary>
    private static string ReadOnly(string path)
    {
        var isComplete = new FileInfo(path + "-wal") is not { Exists: true, Length: > 0 };
        return ConnectionTo(isComplete ? $"{new Uri(Path.GetFullPath(path)).AbsoluteUri}?immutable=1" : path, SqliteOpenMode.ReadOnly);
    }

    private static string ConnectionTo(string source, SqliteOpenMode mode) => new SqliteConnectionStringBuilder
    {
        DataSource = source,
        DefaultTimeout = BusyTimeoutSeconds,
        Pooling = false,
        Mode = mode,
    }.ToString();

    /// <summary>True for the errors of a file or a folder that this process may read and not write.</summary>
    private static bool IsNotWritable(Exception error) =>
        error is UnauthorizedAccessException
        || (error as SqliteException ?? error.InnerException as SqliteException) is { SqliteErrorCode: ReadOnlyError or CannotOpen };

    private void CheckReadable(Exception error)
    {
        try
        {
            Rows("SELECT name FROM databases LIMIT 1");
        }
        catch (SqliteException failed)
        {
            throw new DltException(
                $"The local Glue catalog {_path} cannot be written ({error.Message.TrimEnd('.')}) nor read: {failed.Message} Nothing was "
                + "run. Copy the account's folder to a place that can be written, and set destination.athena.local_dir to it.", failed);
        }
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

    private SqliteConnection Open()
    {
        var connection = new SqliteConnection(_connectionString);
        Run(() =>
        {
            connection.Open();
            return true;
        });
        // With busy_timeout SQLite itself retries soon; the library would sleep for 150 ms.
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

    private SqliteTransaction Begin(SqliteConnection connection) => Run(() => connection.BeginTransaction(deferred: false));

    private void Commit(SqliteTransaction transaction) => Run(() =>
    {
        transaction.Commit();
        return true;
    });

    /// <summary>Runs a call and translates errors of the disk.</summary>
    private T Run<T>(Func<T> call)
    {
        try
        {
            return call();
        }
        catch (SqliteException error) when (SqliteDisk.IsDiskError(error))
        {
            throw SqliteDisk.Failed(_path, error);
        }
        catch (SqliteException error) when (error.SqliteErrorCode == ReadOnlyError)
        {
            throw new DltException(
                $"The local Glue catalog {_path} cannot be written, so it can be queried and not loaded into. Nothing was changed. Give "
                + "this user the right to write to the account's folder, or choose another one with destination.athena.local_dir.", error);
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
