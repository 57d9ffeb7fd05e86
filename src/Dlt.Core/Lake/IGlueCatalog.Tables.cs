namespace Dlt.Lake;

public partial interface IGlueCatalog
{
    /// <summary>The table with its version; null when there is no such table or database.</summary>
    Task<GlueTable?> GetTableAsync(string database, string name, CancellationToken cancellationToken = default);

    /// <summary>All tables of a database in the order of their names; none when there is no such database.</summary>
    IAsyncEnumerable<GlueTable> GetTablesAsync(string database, CancellationToken cancellationToken = default);

    /// <summary>Makes a table.</summary>
    /// <exception cref="GlueException">AlreadyExistsException, or EntityNotFoundException for the database.</exception>
    Task CreateTableAsync(string database, GlueTableInput table, CancellationToken cancellationToken = default);

    /// <summary>Replaces the whole definition of a table.</summary>
    /// <param name="database">Its database.</param>
    /// <param name="table">The new definition. Members that are left out are lost, but for those of the answer it was made from that this
    /// library does not know.</param>
    /// <param name="versionId">The version that was read; null to replace any.</param>
    /// <param name="skipArchive">True: the old definition is not kept as a version.</param>
    /// <param name="cancellationToken">Stops before the call.</param>
    /// <exception cref="GlueException">ConcurrentModificationException when another version is current;
    /// EntityNotFoundException.</exception>
    Task UpdateTableAsync(string database, GlueTableInput table, string? versionId = null, bool skipArchive = false,
        CancellationToken cancellationToken = default);

    /// <summary>Deletes a table; objects stay.</summary>
    /// <exception cref="GlueException">EntityNotFoundException.</exception>
    Task DeleteTableAsync(string database, string name, CancellationToken cancellationToken = default);
}
