namespace Dlt.Parquet.Pages;

/// <summary>Where a column chunk's parts of the page index are.</summary>
/// <param name="ColumnIndexOffset">Bytes from the beginning of the file; null when there is no column index.</param>
/// <param name="ColumnIndexBytes">Its length.</param>
/// <param name="OffsetIndexOffset">Bytes from the beginning of the file.</param>
/// <param name="OffsetIndexBytes">Its length.</param>
internal sealed record PageIndexLocation(long? ColumnIndexOffset, int ColumnIndexBytes, long OffsetIndexOffset, int OffsetIndexBytes);
