using Dlt.Parquet;

namespace Dlt.Batches.Values;

/// <summary>A buffer to copy into, and how its values are held.</summary>
internal readonly record struct TableColumnTarget(ColumnType Type, ColumnBuffer Buffer);
