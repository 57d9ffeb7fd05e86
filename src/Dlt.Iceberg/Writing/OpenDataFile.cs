namespace Dlt.Iceberg;

/// <summary>A data file that is being filled on the local disk.</summary>
/// <param name="Partition">The partition of its rows.</param>
/// <param name="Location">Where it will lie in the table's folder.</param>
/// <param name="Path">Where it is written.</param>
/// <param name="Rows">Writes its rows.</param>
/// <param name="Metrics">Counts them.</param>
internal sealed record OpenDataFile(PartitionKey Partition, string Location, string Path, IRowAppender Rows, RowMetrics Metrics)
    : IDisposable
{
    /// <summary>Bytes that the file has, with those of the rows that wait, roughly.</summary>
    public long Length => Rows.WrittenBytes + Rows.WaitingBytes;

    /// <summary>Adds a row. Per row.</summary>
    public void Add(object?[] row)
    {
        Metrics.Add(row);
        Rows.Add(row);
    }

    public void Dispose() => Rows.Dispose();
}
