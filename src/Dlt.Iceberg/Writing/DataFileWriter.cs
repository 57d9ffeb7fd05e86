using System.Buffers;
using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Dlt.Columns;
using Dlt.Parquet;
using Dlt.Types;

namespace Dlt.Iceberg;

/// <summary>Writes rows as data files of a table: one file per partition, rolled at the target size (Iceberg table specification). Floats and nested columns need the package Dlt.Parquet.Reading.</summary>
public sealed class DataFileWriter : IAsyncDisposable
{
    private const int RowGroupRows = 1 << 17;
    private const int MaxOpenFiles = 100;
    private const long MaxWaitingBytes = 128L << 20;
    private const int UuidBytes = 16;

    private readonly Table _table;
    private readonly Schema _schema;
    private readonly PartitionSpec _spec;
    private readonly Func<object?[], object?>[] _sources;
    private readonly PrimitiveType[] _sourceTypes;
    private readonly IRowFileWriter? _rowFiles;
    private readonly Guid _id = Guid.NewGuid();
    private readonly Dictionary<PartitionKey, OpenFile> _open = [];
    private readonly List<DataFile> _files = [];
    private readonly long _targetBytes;
    private readonly ParquetWriterOptions _options;
    private readonly string _folder;
    private readonly RowConversion _conversion;
    private readonly PartitionKey _whole;
    private readonly RowSorter? _sorter;
    private readonly int _sortOrderId;
    private readonly MetricsConfig _metrics;
    private OpenFile? _last;
    private int _count;
    private long _uses;
    private long _waitingBytes;
    private long _rows;
    private long _storedRows;
    private string? _ended;

    /// <summary>Begins to write files for a table; they belong to it once a transaction appends them.</summary>
    /// <exception cref="IcebergException">The table has columns of types, or a codec, that are not written, or is of a format version that takes no rows.</exception>
    /// <remarks>
    /// The rows of a file are sorted by the table's sort order. They wait in memory until the file is full: up to the target size of a file, and 128 MiB for all open files together, so that
    /// files of a sorted table may be smaller than the target.
    /// </remarks>
    public DataFileWriter(Table table) : this(table, table.Metadata.DefaultSortOrder)
    {
    }

    /// <summary>Begins to write files whose rows are in an order of their own.</summary>
    internal DataFileWriter(Table table, SortOrder order)
    {
        table.Metadata.CheckTakesRows();
        _table = table;
        _sorter = RowSorter.Of(order, table.Metadata.CurrentSchema);
        _sortOrderId = _sorter is null ? SortOrder.Unsorted.OrderId : order.OrderId;
        _metrics = new(table.Metadata);
        _schema = table.Metadata.CurrentSchema;
        _spec = table.Metadata.DefaultSpec;
        foreach (var (field, name) in _schema.AllFields)
            if (field.Type is PrimitiveType { Kind: PrimitiveKind.Variant or PrimitiveKind.Geometry or PrimitiveKind.Geography } type) throw new IcebergException(IcebergError.Unsupported, $"Column '{name}' of table '{table.Name}' is of the type {type}, which is not written. Nothing was written.");
        if (_schema.Fields.Any(f => ColumnOf(f) is null))
        {
            _rowFiles = table.Catalog?.DataFileReader as IRowFileWriter
                ?? throw new IcebergException(IcebergError.Unsupported, $"Table '{table.Name}' has columns of floats or nested values, which need the package Dlt.Parquet.Reading: give the catalog its ParquetDataFileReader. Nothing was written.");
        }

        _conversion = new(table);
        _whole = new(_spec.SpecId, []);
        _sources = [.. _spec.Fields.Select(f => Source(f.SourceId))];
        _sourceTypes = [.. _spec.Fields.Select(f => (PrimitiveType)_schema.Find(f.SourceId)!.Type)];
        _options = WriteProperties.Of(table.Metadata);
        _targetBytes = table.Metadata.TargetFileBytes();
        _folder = Directory.CreateTempSubdirectory("dlt-iceberg-").FullName;
    }

    /// <summary>Adds a row.</summary>
    /// <param name="values">
    /// One value per column of the table, in order: in the forms of <see cref="PrimitiveKind"/>, or as .NET has them (DateTimeOffset, DateOnly, decimal, …). Structs are object[], lists any IEnumerable, maps any IDictionary or pairs.
    /// Dates and timestamps have the years 1 to 9999; fractions become the nearest float or double, and ticks below a microsecond are dropped; all else must be a value of the column exactly.
    /// </param>
    /// <param name="cancellationToken">Stops.</param>
    /// <exception cref="ArgumentException">There are more or fewer values than columns, a column cannot hold its value, or a required one is missing. The row was not added, and the writer can go on.</exception>
    /// <exception cref="InvalidOperationException">The writer is complete, or has failed.</exception>
    public Task AddAsync(IReadOnlyList<object?> values, CancellationToken cancellationToken = default)
    {
        var number = ++_rows;
        return AddAsync(IsWrittenAsIs && values is object?[] array && _conversion.HasOwnForms(array) ? array : _conversion.Convert(values, number), number, isStored: false, cancellationToken);
    }

    /// <summary>Adds a row that is in the table already, and is only moved to another file: dates beyond the calendar, which other engines have put there, stay as they are.</summary>
    /// <exception cref="ArgumentException">A column cannot hold its value.</exception>
    internal Task AddStoredAsync(object?[] row, CancellationToken cancellationToken)
    {
        var number = ++_storedRows;
        return AddAsync(IsWrittenAsIs && _conversion.HasOwnForms(row) ? row : _conversion.Convert(row, number, isStored: true), number, isStored: true, cancellationToken);
    }

    /// <summary>True when a row is written before the call returns; else it waits, and the caller may fill its array again.</summary>
    private bool IsWrittenAsIs => _rowFiles is null && _sorter is null;

    private Task AddAsync(object?[] row, long number, bool isStored, CancellationToken cancellationToken)
    {
        if (_ended is not null) throw new InvalidOperationException(_ended);
        var partition = _spec.Fields.IsEmpty ? _whole : PartitionOf(row, number, isStored);
        if (_last is not { } file || !ReferenceEquals(partition, _whole))
        {
            if (!_open.TryGetValue(partition, out file!))
            {
                if (_open.Count >= MaxOpenFiles) return CloseOldestAsync(row, partition, cancellationToken);
                file = _open[partition] = new OpenFile(this, partition);
            }

            _last = file;
        }

        return Add(file, row) is { } full ? CloseAsync(full, cancellationToken) : Task.CompletedTask;
    }

    /// <summary>Writes what is left, and ends the writer.</summary>
    /// <returns>The files, to be appended to the table.</returns>
    /// <exception cref="InvalidOperationException">The files were handed out already, or a file could not be written: appended twice, or without that file, rows would be doubled or missing.</exception>
    public async Task<IReadOnlyList<DataFile>> CompleteAsync(CancellationToken cancellationToken = default)
    {
        if (_ended is not null) throw new InvalidOperationException(_ended);
        foreach (var partition in _open.Keys.ToList()) await CloseAsync(partition, cancellationToken).ConfigureAwait(false);
        _ended = $"This writer of table '{_table.Name}' is complete, and its files were handed out. Nothing more was written. Make a new DataFileWriter for further rows.";
        return _files;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        foreach (var file in _open.Values) file.Dispose();
        if (Directory.Exists(_folder)) Directory.Delete(_folder, recursive: true);
        return default;
    }

    /// <returns>Null for types that our own encoder does not write.</returns>
    private static ParquetColumn? ColumnOf(NestedField field)
    {
        if (field.Type is not PrimitiveType type) return null;
        ColumnType? column = type.Kind switch
        {
            PrimitiveKind.Boolean => new ColumnType { DataType = DataType.Bool },
            PrimitiveKind.Int => new ColumnType { DataType = DataType.Bigint, IntegerBits = 32 },
            PrimitiveKind.Long => new ColumnType { DataType = DataType.Bigint, IntegerBits = 64 },
            PrimitiveKind.Double => new ColumnType { DataType = DataType.Double },
            PrimitiveKind.Decimal => new ColumnType { DataType = DataType.Decimal, Precision = type.Precision, Scale = type.Scale },
            PrimitiveKind.Date => new ColumnType { DataType = DataType.Date },
            PrimitiveKind.Time => new ColumnType { DataType = DataType.Time, FractionDigits = 6 },
            PrimitiveKind.Timestamp => new ColumnType { DataType = DataType.Timestamp, FractionDigits = 6 },
            PrimitiveKind.TimestampTz => new ColumnType { DataType = DataType.Timestamp, FractionDigits = 6, IsUtc = true },
            PrimitiveKind.String => new ColumnType { DataType = DataType.Text },
            PrimitiveKind.Binary => new ColumnType { DataType = DataType.Binary },
            PrimitiveKind.Fixed => new ColumnType { DataType = DataType.Binary, FixedBytes = type.Length },
            PrimitiveKind.Uuid => new ColumnType { DataType = DataType.Binary, FixedBytes = UuidBytes },
            _ => null,
        };
        if (column is not { } known) return null;
        return new(field.Name, known, field.IsRequired, field.Id) { HasIntegerDecimals = true, IsUuid = type.Kind == PrimitiveKind.Uuid };
    }

    private PartitionKey PartitionOf(object?[] row, long number, bool isStored)
    {
        var values = ImmutableArray.CreateBuilder<object?>(_sources.Length);
        for (var i = 0; i < _sources.Length; i++)
        {
            var value = _sources[i](row) is { } source ? _spec.Fields[i].Transform.Apply(_sourceTypes[i], source) : null;
            if (value is Int128 && ValueCheck.Problem(_sourceTypes[i], value, isStored) is { } problem) throw _conversion.Unpartitionable(_spec.Fields[i], value, problem, number);
            values.Add(value);
        }

        return new(_spec.SpecId, values.MoveToImmutable());
    }

    /// <summary>A column, or a field within structs.</summary>
    private Func<object?[], object?> Source(int fieldId)
    {
        var path = _schema.PathTo(fieldId)!;
        var steps = new List<int>();
        var fields = _schema.Fields;
        foreach (var step in path)
        {
            var at = fields.Select((f, i) => (f, i)).First(f => f.f.Id == step.Id).i;
            steps.Add(at);
            if (fields[at].Type is StructType inner) fields = inner.Fields;
        }

        return row => steps.Skip(1).Aggregate(row[steps[0]], (value, step) => (value as object?[])?[step]);
    }

    private async Task CloseOldestAsync(object?[] row, PartitionKey partition, CancellationToken cancellationToken)
    {
        await CloseAsync(_open.MinBy(o => o.Value.LastUse).Key, cancellationToken).ConfigureAwait(false);
        var file = _open[partition] = new OpenFile(this, partition);
        if (Add(file, row) is { } full) await CloseAsync(full, cancellationToken).ConfigureAwait(false);
    }

    /// <returns>The file that is to be closed: this one when it is large enough, or the largest of those whose rows wait to be sorted; null for none.</returns>
    private PartitionKey? Add(OpenFile file, object?[] row)
    {
        file.LastUse = ++_uses;
        var before = file.WaitingBytes;
        file.Add(row);
        _waitingBytes += file.WaitingBytes - before;
        if (_waitingBytes > MaxWaitingBytes)
        {
            var largest = _open.Values.MaxBy(f => f.WaitingBytes)!;
            if (_sorter is not null) return largest.Partition;   // a part of its rows cannot be written before the others
            _waitingBytes -= largest.WaitingBytes;
            largest.Flush();
        }

        return file.Length >= _targetBytes ? file.Partition : null;
    }

    private async Task CloseAsync(PartitionKey partition, CancellationToken cancellationToken)
    {
        var file = _open[partition];
        _open.Remove(partition);
        if (_last == file) _last = null;
        _waitingBytes -= file.WaitingBytes;
        _ended = $"A file of this writer of table '{_table.Name}' could not be written, so that its rows are in no file. Nothing was committed. Dispose the writer, and write all rows again with a new one.";
        using (file) file.Close();
        var size = new FileInfo(file.Path).Length;
        await _table.Files.UploadAsync(file.Location, file.Path, cancellationToken).ConfigureAwait(false);
        var described = new ParquetFile(file.Path).Describe(file.Location, size, _schema, _table.Metadata, _spec.SpecId, partition.Values);
        described = file.Metrics.Describe(described, new ColumnBounds(_table.Metadata));
        _files.Add(_metrics.Applied(described, _schema) with { SortOrderId = _sortOrderId });
        File.Delete(file.Path);
        _ended = null;
    }

    /// <summary>One file that is being filled.</summary>
    private sealed class OpenFile : IDisposable
    {
        private const int FixedBytes = 8;
        private const int StackBytes = 256;
        private const int HeldValueBytes = 24;   // what .NET takes for a value in a row, beside its own bytes

        private readonly Schema _schema;
        private readonly IRowFileWriter? _rowFiles;
        private readonly ParquetWriterOptions _options;
        private readonly List<object?[]> _waiting = [];
        private readonly List<object?[]> _unsorted = [];
        private readonly RowSorter? _sorter;
        private readonly List<ParquetColumn> _columns = [];
        private readonly ColumnBuffer[] _buffers = [];
        private readonly ParquetFileWriter? _writer;
        private IRowFile? _rowFile;
        private int _rows;

        public OpenFile(DataFileWriter owner, PartitionKey partition)
        {
            _schema = owner._schema;
            _rowFiles = owner._rowFiles;
            _options = owner._options;
            _sorter = owner._sorter;
            Partition = partition;
            var name = string.Create(CultureInfo.InvariantCulture, $"00000-{owner._id:D}-{++owner._count:00000}.parquet");
            Location = DataLocations.Of(owner._table.Metadata, owner._spec.SpecId, partition.Values, name);
            Path = System.IO.Path.Combine(owner._folder, name);
            Metrics = _rowFiles is null ? RowMetrics.BesideFooter(_schema) : RowMetrics.OfAll(_schema);
            if (_rowFiles is not null) return;
            _columns = [.. _schema.Fields.Select(f => ColumnOf(f)!)];
            _buffers = [.. _columns.Select(c => c.Type.NewBuffer(c.Name))];
            _writer = new ParquetFileWriter(Path, owner._options) { KeyValueMetadata = [ParquetFile.SchemaKeyValue(_schema)] };
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

            if (++_rows >= RowGroupRows || WaitingBytes >= _options.RowGroupBytes) Flush();
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
                Span<byte> bigEndian = stackalloc byte[UuidBytes];
                uuid.TryWriteBytes(bigEndian, bigEndian: true, out _);
                buffer.Append(_rows, bigEndian);
                WaitingBytes += UuidBytes + FixedBytes;
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
}
