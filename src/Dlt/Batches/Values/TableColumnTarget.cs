using Dlt.Parquet;

namespace Dlt.Batches.Values;

/// <summary>A column buffer to copy into, with the type of its column.</summary>
internal readonly record struct TableColumnTarget(ColumnType Type, ColumnBuffer Buffer);
