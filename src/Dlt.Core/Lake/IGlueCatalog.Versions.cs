namespace Dlt.Lake;

public partial interface IGlueCatalog
{
    /// <summary>
    /// Lists the ids of the versions of a table's definition, newest first: the current version, and those that updates have archived.
    /// Lists nothing when the table does not exist.
    /// </summary>
    IAsyncEnumerable<string> GetTableVersionIdsAsync(string database, string table, CancellationToken cancellationToken = default);

    /// <summary>Deletes archived versions of a table's definition. Versions that do not exist are ignored.</summary>
    /// <param name="database">Database of the table.</param>
    /// <param name="table">Name of the table.</param>
    /// <param name="versionIds">Ids of versions that are not current.</param>
    /// <param name="cancellationToken">Cancels the calls; some versions may be deleted.</param>
    /// <exception cref="GlueException">The table does not exist (EntityNotFoundException), or a version could not be deleted; others may
    /// be.</exception>
    Task DeleteTableVersionsAsync(
        string database, string table, IReadOnlyCollection<string> versionIds, CancellationToken cancellationToken = default);
}
