using DuckDB.NET.Data;

namespace Dlt.Local;

/// <summary>
/// One DuckDB in memory for one query. Statements that prepare it run first; <see cref="Lock"/> then closes it for the rest of its life.
/// </summary>
internal sealed class DuckSession : IAsyncDisposable
{
    private readonly HashSet<string> _files = new(StringComparer.Ordinal);

    private DuckSession(DuckDBConnection connection) => Connection = connection;

    public DuckDBConnection Connection { get; }

    /// <summary>Opens a session that installs and loads nothing and knows no secret.</summary>
    /// <param name="spillFolder">Where sorts and joins that outgrow the memory go; DuckDB makes and removes it.</param>
    /// <param name="cancellationToken">Stops.</param>
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

    /// <summary>Runs a statement of ours.</summary>
    public void Execute(string sql)
    {
        using var command = Connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    /// <summary>A file that views of this session read; after <see cref="Lock"/> there is no other.</summary>
    /// <returns>The file.</returns>
    public string Allow(string file)
    {
        _files.Add(file);
        return file;
    }

    /// <summary>
    /// From here on SQL reaches the files of the tables that it names, and cannot change that (DuckDB, "Securing DuckDB").
    /// </summary>
    public void Lock()
    {
        Execute($"SET allowed_paths = [{string.Join(", ", _files.Select(DuckIdentifier.Literal))}]");
        Execute("SET enable_external_access = false; SET lock_configuration = true");
    }

    public ValueTask DisposeAsync() => Connection.DisposeAsync();
}
