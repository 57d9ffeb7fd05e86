namespace Dlt.Parquet.Pages;

/// <summary>Positions of a column chunk's page indexes in the file.</summary>
/// <param name="ColumnIndexOffset">Offset of the column index in the file; null when there is none.</param>
/// <param name="ColumnIndexBytes">Length of the column index in bytes.</param>
/// <param name="OffsetIndexOffset">Offset of the offset index in the file.</param>
/// <param name="OffsetIndexBytes">Length of the offset index in bytes.</param>
internal sealed record PageIndexLocation(long? ColumnIndexOffset, int ColumnIndexBytes, long OffsetIndexOffset, int OffsetIndexBytes);
