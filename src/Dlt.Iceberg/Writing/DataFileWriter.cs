using System.Globalization;
using Dlt.Parquet;

namespace Dlt.Iceberg;

/// <summary>
/// Writes rows as data files of a table: one file per partition, rolled at the target size (Iceberg table specification). Floats and nested
/// columns need the package Dlt.Parquet.Reading.
/// </summary>
public sealed class DataFileWriter : IAsyncDisposable
{
    private const int MaxOpenDataFiles = 100;
    private const long MaxWaitingBytes = 128L << 20;

    private readonly Table _table;
    private readonly Schema _schema;
    private readonly PartitionSpec _spec;
    private readonly IRowFileWriter? _rowFiles;
    private readonly Dictionary<PartitionKey, OpenDataFile> _open = [];
    private readonly List<DataFile> _files = [];
    private readonly long _targetBytes;
    private readonly ParquetWriterOptions _options;
    private readonly string _folder;
    private readonly RowConversion _conversion;
    private readonly RowPartition _partitions;
    private readonly RowSorter? _sorter;
    private readonly int _sortOrderId;
    private readonly MetricsConfig _metrics;
    private OpenDataFile? _last;
    private int _count;
    private long _uses;
    private long _waitingBytes;
    private long _rows;
    private long _storedRows;
    private string? _ended;

    /// <summary>Begins to write files for a table; they belong to it once a transaction appends them.</summary>
    /// <exception cref="IcebergException">
    /// The table has columns of types, or a codec, that are not written, or is of a format version that takes no rows.
    /// </exception>
    /// <remarks>
    /// The rows of a file are sorted by the table's sort order. They wait in memory until the file is full: up to the target size of a
    /// file, and 128 MiB for all open files together, so that files of a sorted table may be smaller than the target.
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
            if (field.Type is PrimitiveType { Kind: PrimitiveKind.Variant or PrimitiveKind.Geometry or PrimitiveKind.Geography } type)
                throw new IcebergException(IcebergError.Unsupported,
                    $"Column '{name}' of table '{table.Name}' is of the type {type}, which is not written. Nothing was written.");
        if (_schema.Fields.Any(f => DataFileColumn.Of(f) is null))
        {
            _rowFiles = table.Catalog?.DataFileReader as IRowFileWriter
                ?? throw new IcebergException(IcebergError.Unsupported,
                    $"Table '{table.Name}' has columns of floats or nested values, which need the package Dlt.Parquet.Reading: give the "
                        + "catalog its ParquetDataFileReader. Nothing was written.");
        }

        _conversion = new(table);
        _partitions = new(_spec, _schema, _conversion);
        _options = WriteProperties.Of(table.Metadata);
        _targetBytes = table.Metadata.TargetFileBytes();
        _folder = Directory.CreateTempSubdirectory("dlt-iceberg-").FullName;
    }

    /// <summary>
    /// What the names of the files begin with: random, so that no other file of the table has the name, unless a writer may write over the
    /// files of an earlier one.
    /// </summary>
    internal string NamePrefix { get; init; } = $"00000-{Guid.NewGuid():D}";

    /// <summary>Adds a row.</summary>
    /// <param name="values">
    /// One value per column of the table, in order: in the forms of <see cref="PrimitiveKind"/>, or as .NET has them (DateTimeOffset,
    /// DateOnly, decimal, …). Structs are object[], lists any IEnumerable, maps any IDictionary or pairs.
    /// Dates and timestamps have the years 1 to 9999; fractions become the nearest float or double, and ticks below a microsecond are
    /// dropped; all else must be a value of the column exactly.
    /// </param>
    /// <param name="cancellationToken">Stops.</param>
    /// <exception cref="ArgumentException">
    /// There are more or fewer values than columns, a column cannot hold its value, or a required one is missing. The row was not added,
    /// and the writer can go on.
    /// </exception>
    /// <exception cref="InvalidOperationException">The writer is complete, or has failed.</exception>
    public Task AddAsync(IReadOnlyList<object?> values, CancellationToken cancellationToken = default)
    {
        var number = ++_rows;
        return AddAsync(IsWrittenAsIs && values is object?[] array && _conversion.HasOwnForms(array)
            ? array : _conversion.Convert(values, number), number, isStored: false, cancellationToken);
    }

    /// <summary>
    /// Adds a row that is in the table already, and is only moved to another file: dates beyond the calendar, which other engines have put
    /// there, stay as they are.
    /// </summary>
    /// <exception cref="ArgumentException">A column cannot hold its value.</exception>
    internal Task AddStoredAsync(object?[] row, CancellationToken cancellationToken)
    {
        var number = ++_storedRows;
        return AddAsync(IsWrittenAsIs && _conversion.HasOwnForms(row) ? row : _conversion.Convert(row, number, isStored: true),
            number, isStored: true, cancellationToken);
    }

    /// <summary>True when a row is written before the call returns; else it waits, and the caller may fill its array again.</summary>
    private bool IsWrittenAsIs => _rowFiles is null && _sorter is null;

    private Task AddAsync(object?[] row, long number, bool isStored, CancellationToken cancellationToken)
    {
        if (_ended is not null) throw new InvalidOperationException(_ended);
        var partition = _partitions.Of(row, number, isStored);
        if (_last is not { } file || !ReferenceEquals(partition, _partitions.Whole))
        {
            if (!_open.TryGetValue(partition, out file!))
            {
                if (_open.Count >= MaxOpenDataFiles) return CloseOldestAsync(row, partition, cancellationToken);
                file = _open[partition] = NewFile(partition);
            }

            _last = file;
        }

        return Add(file, row) is { } full ? CloseAsync(full, cancellationToken) : Task.CompletedTask;
    }

    /// <summary>Writes what is left, and ends the writer.</summary>
    /// <returns>The files, to be appended to the table.</returns>
    /// <exception cref="InvalidOperationException">
    /// The files were handed out already, or a file could not be written: appended twice, or without that file, rows would be doubled or
    /// missing.
    /// </exception>
    public async Task<IReadOnlyList<DataFile>> CompleteAsync(CancellationToken cancellationToken = default)
    {
        if (_ended is not null) throw new InvalidOperationException(_ended);
        foreach (var partition in _open.Keys.ToList()) await CloseAsync(partition, cancellationToken).ConfigureAwait(false);
        _ended = $"This writer of table '{_table.Name}' is complete, and its files were handed out. Nothing more was written. Make a new "
            + "DataFileWriter for further rows.";
        return _files;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        foreach (var file in _open.Values) file.Dispose();
        if (Directory.Exists(_folder)) Directory.Delete(_folder, recursive: true);
        return default;
    }

    private OpenDataFile NewFile(PartitionKey partition)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"{NamePrefix}-{++_count:00000}.parquet");
        var location = DataLocations.Of(_table.Metadata, _spec.SpecId, partition.Values, name);
        return new(partition, location, Path.Combine(_folder, name), _schema, _sorter, _rowFiles, _options);
    }

    private async Task CloseOldestAsync(object?[] row, PartitionKey partition, CancellationToken cancellationToken)
    {
        await CloseAsync(_open.MinBy(o => o.Value.LastUse).Key, cancellationToken).ConfigureAwait(false);
        var file = _open[partition] = NewFile(partition);
        if (Add(file, row) is { } full) await CloseAsync(full, cancellationToken).ConfigureAwait(false);
    }

    /// <returns>
    /// The file that is to be closed: this one when it is large enough, or the largest of those whose rows wait to be sorted; null for
    /// none.
    /// </returns>
    private PartitionKey? Add(OpenDataFile file, object?[] row)
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
        _ended = $"A file of this writer of table '{_table.Name}' could not be written, so that its rows are in no file. Nothing was "
            + "committed. Dispose the writer, and write all rows again with a new one.";
        using (file) file.Close();
        var size = new FileInfo(file.Path).Length;
        await _table.Files.UploadAsync(file.Location, file.Path, cancellationToken).ConfigureAwait(false);
        var described = new ParquetFile(file.Path).Describe(file.Location, size, _schema, _table.Metadata, _spec.SpecId, partition.Values);
        described = file.Metrics.Describe(described, new ColumnBounds(_table.Metadata));
        _files.Add(_metrics.Applied(described, _schema) with { SortOrderId = _sortOrderId });
        File.Delete(file.Path);
        _ended = null;
    }
}
