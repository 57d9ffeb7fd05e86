using System.Buffers;
using System.Collections;
using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Dlt.Columns;
using Dlt.Parquet;
using Dlt.Types;

namespace Dlt.Iceberg;

/// <summary>Writes rows as data files of a table: one file per partition, rolled at the target size (spec/iceberg.md 4.3, 5). Floats, uuids and nested columns need the package Dlt.Parquet.Reading.</summary>
public sealed class DataFileWriter : IAsyncDisposable
{
    private const int RowGroupRows = 1 << 17;
    private const long DefaultTargetBytes = 512L << 20;
    private const int MaxOpenFiles = 100;
    private const long MaxWaitingBytes = 128L << 20;

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
    private readonly NestedField[] _fields;
    private readonly PrimitiveKind?[] _kinds;
    private readonly PartitionKey _whole;
    private readonly RowSorter? _sorter;
    private readonly int _sortOrderId;
    private readonly MetricsConfig _metrics;
    private OpenFile? _last;
    private int _count;
    private long _uses;
    private long _waitingBytes;

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
                ?? throw new IcebergException(IcebergError.Unsupported, $"Table '{table.Name}' has columns of floats, uuids or nested values, which need the package Dlt.Parquet.Reading: give the catalog its ParquetDataFileReader. Nothing was written.");
        }

        _fields = [.. _schema.Fields];
        _kinds = [.. _fields.Select(f => (f.Type as PrimitiveType)?.Kind)];
        _whole = new(_spec.SpecId, []);
        _sources = [.. _spec.Fields.Select(f => Source(f.SourceId))];
        _sourceTypes = [.. _spec.Fields.Select(f => (PrimitiveType)_schema.Find(f.SourceId)!.Type)];
        _options = WriteProperties.Of(table.Metadata);
        _targetBytes = long.TryParse(table.Metadata.Properties.GetValueOrDefault("write.target-file-size-bytes"), out var bytes) && bytes > 0 ? bytes : DefaultTargetBytes;
        _folder = Directory.CreateTempSubdirectory("dlt-iceberg-").FullName;
    }

    /// <summary>Adds a row.</summary>
    /// <param name="values">
    /// One value per column of the table, in order: in the forms of <see cref="PrimitiveKind"/>, or as .NET has them (DateTimeOffset, DateOnly, decimal, …). Structs are object[], lists any IEnumerable, maps any IDictionary or pairs.
    /// </param>
    /// <param name="cancellationToken">Stops.</param>
    /// <exception cref="ArgumentException">There are more or fewer values than columns, one cannot be of the column's type, or a required one is missing.</exception>
    public Task AddAsync(IReadOnlyList<object?> values, CancellationToken cancellationToken = default)
    {
        var row = values is object?[] array && _rowFiles is null && _sorter is null && HasOwnForms(array) ? array : Converted(_table, values);
        var partition = _spec.Fields.IsEmpty ? _whole : new PartitionKey(_spec.SpecId, [.. _spec.Fields.Select((f, i) => _sources[i](row) is { } source ? f.Transform.Apply(_sourceTypes[i], source) : null)]);
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

    /// <summary>Writes what is left.</summary>
    /// <returns>The files, to be appended to the table.</returns>
    public async Task<IReadOnlyList<DataFile>> CompleteAsync(CancellationToken cancellationToken = default)
    {
        foreach (var partition in _open.Keys.ToList()) await CloseAsync(partition, cancellationToken).ConfigureAwait(false);
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
            _ => null,
        };
        return column is { } known ? new(field.Name, known, field.IsRequired, field.Id) : null;
    }

    /// <summary>A row in the forms that the columns have.</summary>
    internal static object?[] Converted(Table table, IReadOnlyList<object?> values)
    {
        var fields = table.Metadata.CurrentSchema.Fields;
        if (values.Count != fields.Length) throw new ArgumentException($"The row has {values.Count} values, and table '{table.Name}' {fields.Length} columns.", nameof(values));
        var row = new object?[values.Count];
        for (var i = 0; i < row.Length; i++) row[i] = Convert(table.Name, fields[i].Name, fields[i].Type, fields[i].IsRequired, values[i]);
        return row;
    }

    private static object? Convert(string table, string name, IcebergType type, bool isRequired, object? value)
    {
        if (value is null) return isRequired ? throw new ArgumentException($"Column '{name}' of table '{table}' is required and got no value.") : null;
        switch (type, value)
        {
            case (StructType structure, object[] members) when members.Length == structure.Fields.Length:
                return structure.Fields.Select((f, i) => Convert(table, $"{name}.{f.Name}", f.Type, f.IsRequired, members[i])).ToArray();
            case (ListType list, IEnumerable items) when items is not (string or byte[]):
                return items.Cast<object?>().Select(item => Convert(table, $"{name}.element", list.Element, list.IsElementRequired, item)).ToList();
            case (MapType map, IEnumerable<KeyValuePair<object?, object?>> pairs):
                return pairs.Select(p => KeyValuePair.Create(Convert(table, $"{name}.key", map.Key, true, p.Key), Convert(table, $"{name}.value", map.Value, map.IsValueRequired, p.Value))).ToList();
            case (MapType map, IDictionary pairs):
                return pairs.Keys.Cast<object>().Select(key => KeyValuePair.Create(Convert(table, $"{name}.key", map.Key, true, key), Convert(table, $"{name}.value", map.Value, map.IsValueRequired, pairs[key]))).ToList();
            case (PrimitiveType primitive, _):
                var literal = Promotion.TryTo(primitive, value, out var own) ? own : Literal.Of(primitive, value);
                if (literal is not (null or Literal.Bound)) return literal;
                break;
        }

        var shown = type is StructType ? $"A value that is not object[{((StructType)type).Fields.Length}]" : type is PrimitiveType ? $"'{value}'" : $"A value of {value.GetType().Name}";
        throw new ArgumentException($"{shown} is no value of column '{name}' of table '{table}', which is {type}.");
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

    /// <summary>True when nothing has to be converted, and nothing is missing.</summary>
    private bool HasOwnForms(object?[] row)
    {
        if (row.Length != _fields.Length) return false;
        for (var i = 0; i < row.Length; i++)
        {
            var fits = (_kinds[i], row[i]) switch
            {
                (_, null) => !_fields[i].IsRequired,
                (PrimitiveKind.Long or PrimitiveKind.Time or PrimitiveKind.Timestamp or PrimitiveKind.TimestampTz, long) => true,
                (PrimitiveKind.Int or PrimitiveKind.Date, int) => true,
                (PrimitiveKind.String, string) => true,
                (PrimitiveKind.Double, double) => true,
                (PrimitiveKind.Boolean, bool) => true,
                (PrimitiveKind.Binary, byte[]) => true,
                _ => false,
            };
            if (!fits) return false;
        }

        return true;
    }

    private async Task CloseAsync(PartitionKey partition, CancellationToken cancellationToken)
    {
        var file = _open[partition];
        _open.Remove(partition);
        if (_last == file) _last = null;
        _waitingBytes -= file.WaitingBytes;
        file.Close();
        var size = new FileInfo(file.Path).Length;
        await _table.Files.UploadAsync(file.Location, file.Path, cancellationToken).ConfigureAwait(false);
        var described = new ParquetFile(file.Path).Describe(file.Location, size, _schema, _table.Metadata, _spec.SpecId, partition.Values);
        described = described with { NanValueCounts = file.NanCounts.Count > 0 ? file.NanCounts : null };
        _files.Add(_metrics.Applied(described, _schema) with { SortOrderId = _sortOrderId });
        File.Delete(file.Path);
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
        private readonly Dictionary<int, long> _nans = [];
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
            if (_rowFiles is not null) return;
            _columns = [.. _schema.Fields.Select(f => ColumnOf(f)!)];
            _buffers = [.. _columns.Select(c => c.Type.NewBuffer(c.Name))];
            foreach (var field in _schema.Fields.Where(f => f.Type is PrimitiveType { Kind: PrimitiveKind.Double })) _nans[field.Id] = 0;
            _writer = new ParquetFileWriter(Path, owner._options) { KeyValueMetadata = [ParquetFile.SchemaKeyValue(_schema)] };
        }

        public PartitionKey Partition { get; }

        public string Location { get; }

        public string Path { get; }

        public long LastUse { get; set; }

        public long Length => (_writer?.Length ?? _rowFile?.Length ?? 0) + WaitingBytes;

        /// <summary>Bytes of the rows that are not written yet, roughly.</summary>
        public long WaitingBytes { get; private set; }

        public IReadOnlyDictionary<int, long> NanCounts => _nans;

        public void Add(object?[] row)
        {
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
            _rowFile?.Dispose();
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
                if (row[i] is { } value) Append(_buffers[i], value, _columns[i]);
        }

        private void Append(ColumnBuffer buffer, object value, ParquetColumn column)
        {
            switch (buffer)
            {
                case FixedBuffer<long> longs: longs.Append(_rows, value is int number ? number : (long)value); break;
                case BytesBuffer bytes:
                    Append(bytes, value);
                    return;
                case FixedBuffer<double> doubles:
                    doubles.Append(_rows, (double)value);
                    if (double.IsNaN((double)value)) _nans[column.FieldId!.Value]++;
                    break;
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
