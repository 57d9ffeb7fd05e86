namespace Dlt.Lake;

public partial interface IGlueCatalog
{
    /// <summary>Returns a table with its version; null when the table or the database does not exist.</summary>
    Task<GlueTable?> GetTableAsync(string database, string name, CancellationToken cancellationToken = default);

    /// <summary>Lists all tables of a database in the order of their names. Lists nothing when the database does not exist.</summary>
    IAsyncEnumerable<GlueTable> GetTablesAsync(string database, CancellationToken cancellationToken = default);

    /// <summary>
    /// Finds the tables of a database that have one of the names, in few calls: other tables of the database are not read. Names of tables
    /// that do not exist are ignored.
    /// </summary>
    /// <param name="database">The database; nothing is found when it does not exist.</param>
    /// <param name="names">Names of tables, whatever their case.</param>
    /// <param name="cancellationToken">Cancels the search.</param>
    IAsyncEnumerable<GlueTable> FindTablesAsync(
        string database, IReadOnlyCollection<string> names, CancellationToken cancellationToken = default);

    /// <summary>Creates a table.</summary>
    /// <exception cref="GlueException">The table already exists (AlreadyExistsException), or the database does not
    /// (EntityNotFoundException).</exception>
    Task CreateTableAsync(string database, GlueTableInput table, CancellationToken cancellationToken = default);

    /// <summary>Replaces the whole definition of a table.</summary>
    /// <param name="database">Database of the table.</param>
    /// <param name="table">The new definition. Members that are not set are removed, except the unknown members of the answer from which it
    /// was made.</param>
    /// <param name="versionId">Version that must be current; null to replace any version.</param>
    /// <param name="skipArchive">True to discard the old definition instead of keeping it as a version.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="GlueException">Another version is current (ConcurrentModificationException), or the table does not exist
    /// (EntityNotFoundException).</exception>
    Task UpdateTableAsync(string database, GlueTableInput table, string? versionId = null, bool skipArchive = false,
        CancellationToken cancellationToken = default);

    /// <summary>Deletes a table. Its objects are kept.</summary>
    /// <exception cref="GlueException">The table does not exist (EntityNotFoundException).</exception>
    Task DeleteTableAsync(string database, string name, CancellationToken cancellationToken = default);
}
