using System.Buffers;
using System.Text;
using Dlt.Columns;
using Dlt.Parquet;

namespace Dlt.Iceberg;

/// <summary>A data file that is being filled; its rows wait for a row group, or to be sorted.</summary>
internal sealed class OpenDataFile : IDisposable
{
    private const int RowGroupRows = 1 << 17;
    private const int FixedBytes = 8;
    private const int StackBytes = 256;
    private const int HeldValueBytes = 24;   // what .NET takes for a value in a row, beside its own bytes

    private readonly Schema _schema;
    private readonly IRowFileWriter? _rowFiles;
    private readonly ParquetWriterOptions _options;
    private readonly long _rowGroupBytes;
    private readonly List<object?[]> _waiting = [];
    private readonly List<object?[]> _unsorted = [];
    private readonly RowSorter? _sorter;
    private readonly List<ParquetColumn> _columns = [];
    private readonly ColumnBuffer[] _buffers = [];
    private readonly ParquetFileWriter? _writer;
    private IRowFile? _rowFile;
    private int _rows;

    /// <param name="partition">The partition of its rows.</param>
    /// <param name="location">Where it will lie.</param>
    /// <param name="path">Where it is written.</param>
    /// <param name="schema">The table's schema.</param>
    /// <param name="sorter">Sorts its rows; null for the order in which they come.</param>
    /// <param name="rowFiles">Writes it where our own encoder does not know a column; null where it does.</param>
    /// <param name="options">Codec, encodings, sizes of pages.</param>
    /// <param name="rowGroupBytes">Bytes of rows at which a row group is closed.</param>
    public OpenDataFile(
        PartitionKey partition, string location, string path, Schema schema, RowSorter? sorter, IRowFileWriter? rowFiles,
        ParquetWriterOptions options, long rowGroupBytes)
    {
        _schema = schema;
        _rowFiles = rowFiles;
        _options = options;
        _rowGroupBytes = rowGroupBytes;
        _sorter = sorter;
        Partition = partition;
        Location = location;
        Path = path;
        Metrics = _rowFiles is null ? RowMetrics.BesideFooter(_schema) : RowMetrics.OfAll(_schema);
        if (_rowFiles is not null) return;
        _columns = [.. _schema.Fields.Select(f => DataFileColumn.Of(f)!)];
        _buffers = [.. _columns.Select(c => c.Type.NewBuffer(c.Name))];
        _writer = new ParquetFileWriter(Path, options) { KeyValueMetadata = [ParquetFile.SchemaKeyValue(_schema)] };
    }

    public PartitionKey Partition { get; }

    public string Location { get; }

    public string Path { get; }

    public long LastUse { get; set; }

    public long Length => (_writer?.Length ?? _rowFile?.Length ?? 0) + WaitingBytes;

    /// <summary>Bytes of the rows that are not written yet, roughly.</summary>
    public long WaitingBytes { get; private set; }

    public RowMetrics Metrics { get; }

    public void Add(object?[] row)
    {
        Metrics.Add(row);
        if (_sorter is null)
        {
            Write(row);
            return;
        }

        _unsorted.Add(row);
        WaitingBytes += row.Sum(value => SizeOf(value) + HeldValueBytes);
    }

    private void Write(object?[] row)
    {
        if (_rowFiles is not null)
        {
            _waiting.Add(row);
            WaitingBytes += row.Sum(SizeOf);
        }
        else
        {
            Append(row);
        }

        if (++_rows >= RowGroupRows || WaitingBytes >= _rowGroupBytes) Flush();
    }

    public void Close()
    {
        _sorter?.Sort(_unsorted);
        foreach (var row in _unsorted) Write(row);
        _unsorted.Clear();
        Flush();
        _writer?.Complete(_columns);
    }

    public void Dispose()
    {
        _writer?.Dispose();
        _rowFile?.Dispose();
    }

    public void Flush()
    {
        if (_rows == 0) return;
        WaitingBytes = 0;
        if (_rowFiles is not null)
        {
            _rowFile ??= _rowFiles.Create(Path, _schema, _options);
            _rowFile.Write(_waiting);
            _waiting.Clear();
            _rows = 0;
            return;
        }

        foreach (var buffer in _buffers) buffer.FillTo(_rows);
        _writer!.WriteRowGroup(_columns.Zip(_buffers).Where(c => c.Second.ValueCount > 0), _rows);
        for (var i = 0; i < _buffers.Length; i++)
        {
            _buffers[i].Release();
            _buffers[i] = _columns[i].Type.NewBuffer(_columns[i].Name);
        }

        _rows = 0;
    }

    private void Append(object?[] row)
    {
        for (var i = 0; i < row.Length; i++)
            if (row[i] is { } value) Append(_buffers[i], value);
    }

    private void Append(ColumnBuffer buffer, object value)
    {
        switch (buffer)
        {
            case FixedBuffer<long> longs: longs.Append(_rows, value is int number ? number : (long)value); break;
            case BytesBuffer bytes:
                Append(bytes, value);
                return;
            case FixedBuffer<double> doubles: doubles.Append(_rows, (double)value); break;
            case FixedBuffer<bool> flags: flags.Append(_rows, (bool)value); break;
            case FixedBuffer<int> days: days.Append(_rows, (int)value); break;
            default: ((FixedBuffer<Int128>)buffer).Append(_rows, (Int128)value); break;
        }

        WaitingBytes += FixedBytes;
    }

    private void Append(BytesBuffer buffer, object value)
    {
        if (value is byte[] bytes)
        {
            buffer.Append(_rows, bytes);
            WaitingBytes += bytes.Length + FixedBytes;
            return;
        }

        if (value is Guid uuid)
        {
            Span<byte> bigEndian = stackalloc byte[DataFileColumn.UuidBytes];
            uuid.TryWriteBytes(bigEndian, bigEndian: true, out _);
            buffer.Append(_rows, bigEndian);
            WaitingBytes += DataFileColumn.UuidBytes + FixedBytes;
            return;
        }

        var text = (string)value;
        var most = Encoding.UTF8.GetMaxByteCount(text.Length);
        var pooled = most > StackBytes ? ArrayPool<byte>.Shared.Rent(most) : null;
        var target = pooled ?? stackalloc byte[StackBytes];
        var length = Encoding.UTF8.GetBytes(text, target);
        buffer.Append(_rows, target[..length]);
        WaitingBytes += length + FixedBytes;
        if (pooled is not null) ArrayPool<byte>.Shared.Return(pooled);
    }

    private static long SizeOf(object? value) => value switch
    {
        string text => text.Length,
        byte[] bytes => bytes.Length,
        object?[] members => members.Sum(SizeOf),
        List<object?> items => items.Sum(SizeOf),
        List<KeyValuePair<object?, object?>> pairs => pairs.Sum(p => SizeOf(p.Key) + SizeOf(p.Value)),
        _ => FixedBytes,
    };
}
