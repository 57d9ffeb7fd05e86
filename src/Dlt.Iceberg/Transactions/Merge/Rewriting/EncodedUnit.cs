using Dlt.Parquet;

namespace Dlt.Iceberg;

/// <summary>A unit as an encoded row group.</summary>
/// <param name="Partition">Partition of the rows.</param>
/// <param name="Memory">Memory that holds the bytes. It is free after the row group is written.</param>
/// <param name="Group">The row group.</param>
/// <param name="Metrics">Metrics of the rows that the footer lacks.</param>
internal sealed record EncodedUnit(PartitionKey Partition, UnitMemory Memory, EncodedRowGroup Group, RowMetrics Metrics);
