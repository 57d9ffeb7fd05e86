using Dlt.Parquet.Pages;

namespace Dlt.Parquet.Indexes;

/// <summary>
/// Writes the page index of a file between the last row group and the footer: all column indexes, then all offset indexes, so readers can
/// skip it (Parquet format, PageIndex).
/// </summary>
internal static class PageIndex
{
    /// <summary>Writes the index, and records its positions in the row groups.</summary>
    /// <param name="file">The file, positioned after the last row group.</param>
    /// <param name="rowGroups">Row groups in the order of the file.</param>
    /// <param name="leaves">Keys of the columns, in the order of the file.</param>
    public static void Write(Stream file, IReadOnlyList<RowGroup> rowGroups, IReadOnlyList<string> leaves)
    {
        var start = file.Position;
        var buffer = new PageBuffer();
        var columnIndexes = new Queue<(long? Offset, int Bytes)>();
        foreach (var group in rowGroups)
        {
            foreach (var leaf in leaves)
            {
                var at = buffer.Length;
                var isWritten = ColumnIndex.TryWrite(buffer, group.Chunks[leaf]);
                columnIndexes.Enqueue((isWritten ? start + at : null, buffer.Length - at));
            }
        }

        foreach (var group in rowGroups)
        {
            foreach (var leaf in leaves)
            {
                var at = buffer.Length;
                OffsetIndex.Write(buffer, group.Chunks[leaf]);
                var (offset, bytes) = columnIndexes.Dequeue();
                group.Chunks[leaf] = group.Chunks[leaf] with { IndexLocation = new(offset, bytes, start + at, buffer.Length - at) };
            }
        }

        file.Write(buffer.Written);
    }
}
