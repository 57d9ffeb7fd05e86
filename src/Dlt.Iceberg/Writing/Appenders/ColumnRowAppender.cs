using Dlt.Parquet;

namespace Dlt.Iceberg;

/// <summary>Writes a file with this library's own Parquet encoder. Each value is added to the buffer of its column immediately.</summary>
internal sealed class ColumnRowAppender : IRowAppender
{
    private readonly List<ParquetColumn> _columns;
    private readonly ColumnBuffer[] _buffers;
    private readonly ParquetFileWriter _file;
    private readonly long _rowGroupBytes;
    private int _rows;

    /// <param name="path">Path of the local file.</param>
    /// <param name="schema">Columns with types that the encoder supports (<see cref="DataFileColumn"/>).</param>
    /// <param name="options">Codec, encodings and page sizes.</param>
    /// <param name="rowGroupBytes">Number of bytes at which a row group ends.</param>
    public ColumnRowAppender(string path, Schema schema, ParquetWriterOptions options, long rowGroupBytes)
    {
        _columns = [.. schema.Fields.Select(f => DataFileColumn.Of(f)!)];
        _buffers = [.. _columns.Select(c => c.Type.NewBuffer(c.Name))];
        _rowGroupBytes = rowGroupBytes;
        _file = new ParquetFileWriter(path, options) { KeyValueMetadata = [ParquetFile.SchemaKeyValue(schema)] };
    }

    public long WrittenBytes => _file.Length;

    public long WaitingBytes { get; private set; }

    public bool CanFlush => true;

    public void Add(object?[] row)
    {
        for (var i = 0; i < row.Length; i++)
            if (row[i] is { } value) WaitingBytes += ColumnValue.Append(_buffers[i], _rows, value);
        if (++_rows >= RowGroupLimit.Rows || WaitingBytes >= _rowGroupBytes) Flush();
    }

    public void Flush()
    {
        if (_rows == 0) return;
        WaitingBytes = 0;
        foreach (var buffer in _buffers) buffer.FillTo(_rows);
        _file.WriteRowGroup(_columns.Zip(_buffers).Where(c => c.Second.ValueCount > 0), _rows);
        for (var i = 0; i < _buffers.Length; i++)
        {
            _buffers[i].Release();
            _buffers[i] = _columns[i].Type.NewBuffer(_columns[i].Name);
        }

        _rows = 0;
    }

    public void Complete()
    {
        Flush();
        _file.Complete(_columns);
    }

    public void Dispose() => _file.Dispose();
}
