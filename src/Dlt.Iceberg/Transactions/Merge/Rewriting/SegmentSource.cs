using Dlt.Parquet;

namespace Dlt.Iceberg;

/// <summary>Reads the columns of a segment.</summary>
internal sealed class SegmentSource : IAsyncDisposable
{
    private readonly Stream _file;
    private ReadOnlyMemory<byte>? _preloaded;
    private long _start;

    private SegmentSource(RewriteSegment segment, Stream file)
    {
        Segment = segment;
        _file = file;
    }

    /// <summary>The rows.</summary>
    public RewriteSegment Segment { get; }

    private ParquetRowGroup Group => Segment.File.Footer.RowGroups[Segment.Group];

    /// <summary>Opens the file of a segment.</summary>
    public static async Task<SegmentSource> OpenAsync(RewriteSegment segment, CancellationToken cancellationToken) =>
        new(segment, await segment.File.OpenAsync(cancellationToken).ConfigureAwait(false));

    /// <summary>Reads all columns with one request, if the segment is a whole row group and small.</summary>
    /// <param name="most">Size up to which a row group is read at once.</param>
    /// <param name="memory">Holds the bytes until the segment is encoded.</param>
    /// <param name="cancellationToken">Cancels the read.</param>
    /// <exception cref="IcebergException">The file is damaged.</exception>
    public async Task PreloadAsync(long most, UnitMemory memory, CancellationToken cancellationToken)
    {
        List<ParquetColumnChunk> chunks = [.. Segment.File.Columns.Where(c => c.Leaf >= 0).Select(c => Group.Columns[c.Leaf])];
        if (!Segment.IsWhole || chunks.Count == 0) return;
        var start = chunks.Min(c => c.Start);
        var length = chunks.Max(c => c.Start + c.CompressedBytes) - start;
        if (length > most || length > chunks.Sum(c => c.CompressedBytes) * 2) return;
        if (start < 0 || start + length > Segment.File.File.FileSizeInBytes)
            throw IcebergException.Corrupt(Segment.File.File.FilePath, "a column chunk is behind the end of the file", start);
        var bytes = memory.Bytes((int)length);
        _file.Position = start;
        try
        {
            await _file.ReadExactlyAsync(bytes, cancellationToken).ConfigureAwait(false);
        }
        catch (EndOfStreamException error)
        {
            throw Segment.File.Damaged(error);
        }

        (_preloaded, _start) = (bytes, start);
    }

    /// <summary>Appends the rows of a column to a buffer.</summary>
    /// <exception cref="IcebergException">The file is damaged.</exception>
    public async Task ReadAsync(int index, ColumnBuffer buffer, CancellationToken cancellationToken)
    {
        var column = Segment.File.Columns[index];
        if (column.Element is not { } element)
        {
            AddMissing(column, buffer);
            return;
        }

        var chunk = Group.Columns[column.Leaf];
        var pages = _preloaded?.Slice((int)(chunk.Start - _start), (int)chunk.CompressedBytes);
        try
        {
            using var reader = new ColumnChunkReader(_file, element, chunk, column.Column, pages);
            await reader.SkipAsync(Segment.From, cancellationToken).ConfigureAwait(false);
            await reader.ReadAsync(buffer, Segment.Rows, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception error) when (ColumnFile.IsDamage(error))
        {
            throw Segment.File.Damaged(error);
        }
    }

    /// <summary>
    /// Copies the row group without decoding it, if all of its rows are written as they are and the file allows it
    /// (<see cref="RowGroupEncoder.TryCopyAsync"/>).
    /// </summary>
    /// <returns>The row group; null when it must be decoded.</returns>
    /// <exception cref="IcebergException">The file is damaged.</exception>
    public async Task<EncodedRowGroup?> TryCopyAsync(RowGroupEncoder encoder, RowMetrics metrics, CancellationToken cancellationToken)
    {
        var columns = Segment.File.Columns;
        if (!Segment.IsWhole || Segment.Kept is not null || Segment.Changed is not null
            || columns.Any(c => c.Missing is not null || metrics.NeedsValues(c.Field.Id))) return null;
        EncodedRowGroup? group;
        try
        {
            List<(ParquetColumn, int)> copied = [.. columns.Where(c => c.Leaf >= 0).Select(c => (c.Column, c.Leaf))];
            group = await encoder.TryCopyAsync(_file, Segment.File.Footer, Segment.Group, copied, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception error) when (ColumnFile.IsDamage(error))
        {
            throw Segment.File.Damaged(error);
        }

        if (group is null) return null;
        foreach (var column in columns) AddBounds(column, metrics);
        return group;
    }

    public ValueTask DisposeAsync() => _file.DisposeAsync();

    private void AddBounds(FileColumn column, RowMetrics metrics)
    {
        if (column.Type.Kind != PrimitiveKind.Double) return;
        var bounds = column.Element is null ? null : new FooterMetrics(new FooterColumn(column.Element, column.Type));
        bounds?.Add(Group.Columns[column.Leaf]);
        metrics.AddBounds(column.Field.Id, Segment.Rows, bounds?.Nulls ?? Segment.Rows, bounds?.Lower, bounds?.Upper);
    }

    private void AddMissing(FileColumn column, ColumnBuffer buffer)
    {
        var end = buffer.Rows + Segment.Rows;
        for (var row = buffer.Rows; column.Missing is { } value && row < end; row++) ColumnValue.Append(buffer, row, value);
        buffer.FillTo(end);
    }
}
