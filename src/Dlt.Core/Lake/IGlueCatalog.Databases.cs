namespace Dlt.Lake;

public partial interface IGlueCatalog
{
    /// <summary>Returns a database; null when it does not exist.</summary>
    Task<GlueDatabase?> GetDatabaseAsync(string name, CancellationToken cancellationToken = default);

    /// <summary>Lists all databases in the order of their names.</summary>
    IAsyncEnumerable<GlueDatabase> GetDatabasesAsync(CancellationToken cancellationToken = default);

    /// <summary>Creates a database.</summary>
    /// <exception cref="GlueException">The database already exists (AlreadyExistsException).</exception>
    Task CreateDatabaseAsync(GlueDatabase database, CancellationToken cancellationToken = default);

    /// <summary>Deletes a database and its tables. Objects of the tables are kept.</summary>
    /// <exception cref="GlueException">The database does not exist (EntityNotFoundException).</exception>
    Task DeleteDatabaseAsync(string name, CancellationToken cancellationToken = default);
}
