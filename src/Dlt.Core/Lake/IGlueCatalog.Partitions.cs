using System.Collections.Immutable;

namespace Dlt.Lake;

public partial interface IGlueCatalog
{
    /// <summary>
    /// Lists the partitions of a table in the order of their values. Lists nothing when the table or the database does not exist.
    /// </summary>
    IAsyncEnumerable<GluePartition> GetPartitionsAsync(string database, string table, CancellationToken cancellationToken = default);

    /// <summary>Returns those partitions of a table that exist, by the values of their keys.</summary>
    /// <param name="database">Database of the table.</param>
    /// <param name="table">The table.</param>
    /// <param name="values">Values of the keys of each partition; any number of partitions.</param>
    /// <param name="cancellationToken">Cancels the search.</param>
    /// <exception cref="GlueException">The table does not exist (EntityNotFoundException).</exception>
    Task<IReadOnlyList<GluePartition>> FindPartitionsAsync(
        string database, string table, IReadOnlyCollection<ImmutableArray<string>> values, CancellationToken cancellationToken = default);

    /// <summary>Creates partitions. Those that cannot be created do not keep the others back.</summary>
    /// <param name="database">Database of the table.</param>
    /// <param name="table">The table.</param>
    /// <param name="partitions">Any number of partitions.</param>
    /// <param name="cancellationToken">Cancels the calls; some partitions may have been created.</param>
    /// <returns>The partitions that were not created, for example because they exist (AlreadyExistsException).</returns>
    /// <exception cref="GlueException">The table does not exist (EntityNotFoundException).</exception>
    Task<IReadOnlyList<GluePartitionError>> CreatePartitionsAsync(
        string database, string table, IReadOnlyCollection<GluePartition> partitions, CancellationToken cancellationToken = default);

    /// <summary>Replaces the definitions of partitions, which are found by their values.</summary>
    /// <returns>The partitions that were not changed, for example because they do not exist (EntityNotFoundException).</returns>
    /// <exception cref="GlueException">The table does not exist (EntityNotFoundException).</exception>
    Task<IReadOnlyList<GluePartitionError>> UpdatePartitionsAsync(
        string database, string table, IReadOnlyCollection<GluePartition> partitions, CancellationToken cancellationToken = default);

    /// <summary>Deletes partitions by the values of their keys. Their objects are kept.</summary>
    /// <returns>The partitions that were not deleted, for example because they do not exist (EntityNotFoundException).</returns>
    /// <exception cref="GlueException">The table does not exist (EntityNotFoundException).</exception>
    Task<IReadOnlyList<GluePartitionError>> DeletePartitionsAsync(
        string database, string table, IReadOnlyCollection<ImmutableArray<string>> values, CancellationToken cancellationToken = default);
}
