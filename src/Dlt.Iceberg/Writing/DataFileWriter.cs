using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Dlt.Columns;
using Dlt.Parquet;
using Dlt.Types;

namespace Dlt.Iceberg;

/// <summary>Writes rows as data files of a table: one file per partition, rolled at the target size (spec/iceberg.md 4.3, 5). Columns are those of the table; nested ones are not written yet.</summary>
public sealed class DataFileWriter : IAsyncDisposable
{
    private const int RowGroupRows = 1 << 17;
    private const long DefaultTargetBytes = 512L << 20;
    private const int MaxOpenFiles = 100;

    private readonly Table _table;
    private readonly Schema _schema;
    private readonly PartitionSpec _spec;
    private readonly Func<object?[], object?>[] _sources;
    private readonly PrimitiveType[] _sourceTypes;
    private readonly Guid _id = Guid.NewGuid();
    private readonly Dictionary<PartitionKey, OpenFile> _open = [];
    private readonly List<DataFile> _files = [];
    private readonly long _targetBytes;
    private readonly string _folder;
    private int _count;
    private long _uses;

    /// <summary>Begins to write files for a table; they belong to it once a transaction appends them.</summary>
    /// <exception cref="IcebergException">The table has columns of types that are not written.</exception>
    public DataFileWriter(Table table)
    {
        _table = table;
        _schema = table.Metadata.CurrentSchema;
        _spec = table.Metadata.DefaultSpec;
        foreach (var field in _schema.Fields) _ = ColumnOf(field);
        _sources = [.. _spec.Fields.Select(f => Source(f.SourceId))];
        _sourceTypes = [.. _spec.Fields.Select(f => (PrimitiveType)_schema.Find(f.SourceId)!.Type)];
        _targetBytes = long.TryParse(table.Metadata.Properties.GetValueOrDefault("write.target-file-size-bytes"), out var bytes) && bytes > 0 ? bytes : DefaultTargetBytes;
        _folder = Directory.CreateTempSubdirectory("dlt-iceberg-").FullName;
    }

    /// <summary>Adds a row.</summary>
    /// <param name="values">One value per column of the table, in order: in the forms of <see cref="PrimitiveKind"/>, or as .NET has them (DateTimeOffset, DateOnly, decimal, …).</param>
    /// <param name="cancellationToken">Stops.</param>
    /// <exception cref="ArgumentException">There are more or fewer values than columns, one cannot be of the column's type, or a required one is missing.</exception>
    public async Task AddAsync(IReadOnlyList<object?> values, CancellationToken cancellationToken = default)
    {
        if (values.Count != _schema.Fields.Length) throw new ArgumentException($"The row has {values.Count} values, and table '{_table.Name}' {_schema.Fields.Length} columns.", nameof(values));
        var row = new object?[values.Count];
        for (var i = 0; i < row.Length; i++) row[i] = Convert(_schema.Fields[i], values[i]);
        var partition = new PartitionKey(_spec.SpecId, [.. _spec.Fields.Select((f, i) => _sources[i](row) is { } source ? f.Transform.Apply(_sourceTypes[i], source) : null)]);
        if (!_open.TryGetValue(partition, out var file))
        {
            if (_open.Count >= MaxOpenFiles) await CloseAsync(_open.MinBy(o => o.Value.LastUse).Key, cancellationToken).ConfigureAwait(false);
            file = _open[partition] = new OpenFile(this, partition);
        }

        file.LastUse = ++_uses;
        file.Add(row);
        if (file.Length >= _targetBytes) await CloseAsync(partition, cancellationToken).ConfigureAwait(false);
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

    private static ParquetColumn ColumnOf(NestedField field)
    {
        if (field.Type is not PrimitiveType type) throw new IcebergException(IcebergError.Unsupported, $"Column '{field.Name}' is nested; rows of such tables cannot be written yet (docs/iceberg.md). Nothing was written.");
        ColumnType column = type.Kind switch
        {
            PrimitiveKind.Boolean => new() { DataType = DataType.Bool },
            PrimitiveKind.Int => new() { DataType = DataType.Bigint, IntegerBits = 32 },
            PrimitiveKind.Long => new() { DataType = DataType.Bigint, IntegerBits = 64 },
            PrimitiveKind.Double => new() { DataType = DataType.Double },
            PrimitiveKind.Decimal => new() { DataType = DataType.Decimal, Precision = type.Precision, Scale = type.Scale },
            PrimitiveKind.Date => new() { DataType = DataType.Date },
            PrimitiveKind.Time => new() { DataType = DataType.Time, FractionDigits = 6 },
            PrimitiveKind.Timestamp => new() { DataType = DataType.Timestamp, FractionDigits = 6 },
            PrimitiveKind.TimestampTz => new() { DataType = DataType.Timestamp, FractionDigits = 6, IsUtc = true },
            PrimitiveKind.String => new() { DataType = DataType.Text },
            PrimitiveKind.Binary => new() { DataType = DataType.Binary },
            PrimitiveKind.Fixed => new() { DataType = DataType.Binary, FixedBytes = type.Length },
            _ => throw new IcebergException(IcebergError.Unsupported, $"Column '{field.Name}' is {type}, which cannot be written yet (docs/iceberg.md). Nothing was written."),
        };
        return new(field.Name, column, field.IsRequired, field.Id);
    }

    private object? Convert(NestedField field, object? value)
    {
        if (value is null) return field.IsRequired ? throw new ArgumentException($"Column '{field.Name}' of table '{_table.Name}' is required and got no value.") : null;
        var literal = Promotion.TryTo((PrimitiveType)field.Type, value, out var own) ? own : Literal.Of((PrimitiveType)field.Type, value);
        return literal is null or Literal.Bound ? throw new ArgumentException($"'{value}' is no value of column '{field.Name}' of table '{_table.Name}', which is {field.Type}.") : literal;
    }

    private Func<object?[], object?> Source(int fieldId)
    {
        var at = _schema.Fields.Select((f, i) => (f, i)).First(f => f.f.Id == fieldId).i;
        return row => row[at];
    }

    private async Task CloseAsync(PartitionKey partition, CancellationToken cancellationToken)
    {
        var file = _open[partition];
        _open.Remove(partition);
        file.Close();
        var size = new FileInfo(file.Path).Length;
        await _table.Files.UploadAsync(file.Location, file.Path, cancellationToken).ConfigureAwait(false);
        _files.Add(new ParquetFile(file.Path).Describe(file.Location, size, _schema, _table.Metadata, _spec.SpecId, partition.Values) with { NanValueCounts = file.NanCounts });
        File.Delete(file.Path);
    }

    /// <summary>One file that is being filled.</summary>
    private sealed class OpenFile : IDisposable
    {
        private readonly List<ParquetColumn> _columns;
        private readonly ColumnBuffer[] _buffers;
        private readonly ParquetFileWriter _writer;
        private readonly Dictionary<int, long> _nans = [];
        private int _rows;

        public OpenFile(DataFileWriter owner, PartitionKey partition)
        {
            _columns = [.. owner._schema.Fields.Select(ColumnOf)];
            _buffers = [.. _columns.Select(c => c.Type.NewBuffer(c.Name))];
            foreach (var field in owner._schema.Fields.Where(f => f.Type is PrimitiveType { Kind: PrimitiveKind.Double })) _nans[field.Id] = 0;
            var name = string.Create(CultureInfo.InvariantCulture, $"00000-{owner._id:D}-{++owner._count:00000}.parquet");
            var folder = partition.Values.IsEmpty ? "" : PartitionPath.Of(owner._spec, owner._schema, partition.Values) + "/";
            Location = $"{TableLocations.Data(owner._table.Metadata)}/{folder}{name}";
            Path = System.IO.Path.Combine(owner._folder, name);
            _writer = new ParquetFileWriter(Path, new ParquetWriterOptions());
        }

        public string Location { get; }

        public string Path { get; }

        public long LastUse { get; set; }

        public long Length => _writer.Length + _buffers.Sum(b => b.ByteSize);

        public IReadOnlyDictionary<int, long> NanCounts => _nans;

        public void Add(object?[] row)
        {
            for (var i = 0; i < row.Length; i++)
                if (row[i] is { } value) Append(_buffers[i], value, _columns[i]);
            if (++_rows >= RowGroupRows) Flush();
        }

        public void Close()
        {
            Flush();
            _writer.Complete(_columns);
        }

        public void Dispose() => _writer.Dispose();

        private void Flush()
        {
            if (_rows == 0) return;
            foreach (var buffer in _buffers) buffer.FillTo(_rows);
            _writer.WriteRowGroup(_columns.Zip(_buffers).Where(c => c.Second.ValueCount > 0), _rows);
            for (var i = 0; i < _buffers.Length; i++)
            {
                _buffers[i].Release();
                _buffers[i] = _columns[i].Type.NewBuffer(_columns[i].Name);
            }

            _rows = 0;
        }

        private void Append(ColumnBuffer buffer, object value, ParquetColumn column)
        {
            switch (buffer)
            {
                case FixedBuffer<double> doubles:
                    doubles.Append(_rows, (double)value);
                    if (double.IsNaN((double)value)) _nans[column.FieldId!.Value]++;
                    break;
                case FixedBuffer<bool> flags: flags.Append(_rows, (bool)value); break;
                case FixedBuffer<int> days: days.Append(_rows, (int)value); break;
                case FixedBuffer<long> longs: longs.Append(_rows, value is int number ? number : (long)value); break;
                case FixedBuffer<Int128> decimals: decimals.Append(_rows, (Int128)value); break;
                default: ((BytesBuffer)buffer).Append(_rows, value is string text ? Encoding.UTF8.GetBytes(text) : (byte[])value); break;
            }
        }
    }
}
