namespace Dlt.Iceberg;

/// <summary>A data file that is being written to the local disk.</summary>
/// <param name="Partition">Partition of the rows.</param>
/// <param name="Location">Location of the file in the table's folder.</param>
/// <param name="Path">Path of the local file.</param>
/// <param name="Rows">Writer of the rows.</param>
/// <param name="Metrics">Collector of the column metrics.</param>
internal sealed record OpenDataFile(PartitionKey Partition, string Location, string Path, IRowAppender Rows, RowMetrics Metrics)
    : IDisposable
{
    /// <summary>Approximate number of bytes of the file and of the rows in memory.</summary>
    public long Length => Rows.WrittenBytes + Rows.WaitingBytes;

    /// <summary>Adds a row. Called per row.</summary>
    public void Add(object?[] row)
    {
        Metrics.Add(row);
        Rows.Add(row);
    }

    public void Dispose() => Rows.Dispose();
}
