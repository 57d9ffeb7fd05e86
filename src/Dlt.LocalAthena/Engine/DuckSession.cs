using DuckDB.NET.Data;

namespace Dlt.Local;

/// <summary>
/// An in-memory DuckDB for one query. First come the statements that prepare it; then <see cref="Lock"/> closes it for the rest of its
/// life.
/// </summary>
internal sealed class DuckSession : IAsyncDisposable
{
    private readonly HashSet<string> _files = new(StringComparer.Ordinal);

    private DuckSession(DuckDBConnection connection) => Connection = connection;

    public DuckDBConnection Connection { get; }

    /// <summary>Opens a session without secrets, which cannot install or load extensions.</summary>
    /// <param name="spillFolder">Folder for sorts and joins that exceed the memory. DuckDB creates and removes it.</param>
    /// <param name="cancellationToken">Stops opening.</param>
    public static async Task<DuckSession> OpenAsync(string spillFolder, CancellationToken cancellationToken)
    {
        var session = new DuckSession(new DuckDBConnection("DataSource=:memory:"));
        try
        {
            await session.Connection.OpenAsync(cancellationToken).ConfigureAwait(false);
            session.Execute($"""
                SET autoinstall_known_extensions = false;
                SET autoload_known_extensions = false;
                SET allow_community_extensions = false;
                SET allow_persistent_secrets = false;
                SET temp_directory = {DuckIdentifier.Literal(spillFolder)};
                SET TimeZone = 'UTC'
                """);
            return session;
        }
        catch
        {
            await session.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Runs a statement of this library.</summary>
    public void Execute(string sql)
    {
        using var command = Connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    /// <summary>Allows views of this session to read a file. After <see cref="Lock"/> no other file can be read.</summary>
    /// <returns>The same path.</returns>
    public string Allow(string file)
    {
        _files.Add(file);
        return file;
    }

    /// <summary>From now on SQL can read only the allowed files, and cannot change that (DuckDB, "Securing DuckDB").</summary>
    public void Lock()
    {
        Execute($"SET allowed_paths = [{string.Join(", ", _files.Select(DuckIdentifier.Literal))}]");
        Execute("SET enable_external_access = false; SET lock_configuration = true");
    }

    public ValueTask DisposeAsync() => Connection.DisposeAsync();
}
