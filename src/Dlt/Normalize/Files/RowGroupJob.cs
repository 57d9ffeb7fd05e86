using Dlt.Parquet;

namespace Dlt.Normalize.Files;

/// <summary>A row group to be encoded by whoever has time, and to be written when its number comes.</summary>
/// <param name="Number">Place among the row groups of the package: 0, 1, 2, …</param>
/// <param name="Files">Where it goes.</param>
/// <param name="Batch">The rows.</param>
/// <param name="Buffers">The columns that have values, with their rows.</param>
/// <param name="FileColumns">All columns of the table at that time, in order.</param>
internal sealed record RowGroupJob(
    long Number, TableFiles Files, PendingRowGroup Batch, IReadOnlyList<(ParquetColumn Column, ColumnBuffer Buffer)> Buffers,
    IReadOnlyList<ParquetColumn> FileColumns);
