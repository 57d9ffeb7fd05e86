namespace Dlt.Iceberg;

/// <summary>The rows of a data file in parts that can be read at the same time.</summary>
internal abstract class RowBatchFile
{
    /// <summary>Number of parts, in the order of the rows.</summary>
    public abstract int Parts { get; }

    /// <summary>Number of rows that are not deleted; null when it is known only after reading them.</summary>
    public abstract long? Rows { get; }

    /// <summary>False only if no row of a part can match a condition.</summary>
    /// <param name="part">Index of the part.</param>
    /// <param name="condition">The condition.</param>
    /// <param name="cancellationToken">Cancels the reading of Bloom filters.</param>
    public abstract ValueTask<bool> MayMatchAsync(int part, RowCondition condition, CancellationToken cancellationToken);

    /// <summary>Reads a part.</summary>
    /// <returns>Batches, each of which is valid until the next one is read.</returns>
    public abstract IAsyncEnumerable<RowBatch> ReadAsync(int part, CancellationToken cancellationToken);
}
