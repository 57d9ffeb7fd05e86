using Dlt.Parquet.Pages;

namespace Dlt.Parquet;

/// <summary>
/// A row group as it goes into a file, with offsets from its own beginning. Its bytes can be written once, before its encoder makes the
/// next one.
/// </summary>
internal sealed record EncodedRowGroup(int Rows, ChunkBytes Bytes, IReadOnlyList<ColumnChunk> Chunks);
