using Dlt.Parquet;

namespace Dlt.Iceberg;

/// <summary>A data file that is being written to the local disk column by column.</summary>
/// <param name="Partition">Partition of the rows.</param>
/// <param name="Location">Location of the file in the table's folder.</param>
/// <param name="Path">Path of the local file.</param>
/// <param name="Writer">Writer of the row groups.</param>
/// <param name="Metrics">Collector of the metrics that the footer lacks.</param>
internal sealed record OpenColumnFile(PartitionKey Partition, string Location, string Path, ParquetFileWriter Writer, RowMetrics Metrics)
    : IDisposable
{
    public void Dispose() => Writer.Dispose();
}
