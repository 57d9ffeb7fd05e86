namespace Dlt.Lake;

public partial interface IGlueCatalog
{
    /// <summary>The database; null when there is none.</summary>
    Task<GlueDatabase?> GetDatabaseAsync(string name, CancellationToken cancellationToken = default);

    /// <summary>All databases in the order of their names.</summary>
    IAsyncEnumerable<GlueDatabase> GetDatabasesAsync(CancellationToken cancellationToken = default);

    /// <summary>Makes a database.</summary>
    /// <exception cref="GlueException">AlreadyExistsException.</exception>
    Task CreateDatabaseAsync(GlueDatabase database, CancellationToken cancellationToken = default);

    /// <summary>Deletes a database and its tables; objects stay.</summary>
    /// <exception cref="GlueException">EntityNotFoundException.</exception>
    Task DeleteDatabaseAsync(string name, CancellationToken cancellationToken = default);
}
