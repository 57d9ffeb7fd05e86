using Dlt.Parquet;

namespace Dlt.Normalize.Files;

/// <summary>A row group to encode on any thread and to write in the order of its number.</summary>
/// <param name="Number">Index among the row groups of the package: 0, 1, 2, …</param>
/// <param name="Files">Files of the table that the row group is written to.</param>
/// <param name="Batch">The rows.</param>
/// <param name="Buffers">The columns that have values, with their buffers.</param>
/// <param name="FileColumns">All columns of the table when the row group was taken, in order.</param>
internal sealed record RowGroupJob(
    long Number, TableFiles Files, PendingRowGroup Batch, IReadOnlyList<(ParquetColumn Column, ColumnBuffer Buffer)> Buffers,
    IReadOnlyList<ParquetColumn> FileColumns);
