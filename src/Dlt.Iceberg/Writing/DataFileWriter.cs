namespace Dlt.Iceberg;

/// <summary>
/// Writes rows as data files of a table: at least one file per partition, none larger than the target size, roughly (Iceberg
/// specification). Call <see cref="AddAsync(IReadOnlyList{object?}, CancellationToken)"/> for each row, then <see cref="CompleteAsync"/>
/// once, hand its files to a transaction, and dispose the writer. A writer that is disposed without <see cref="CompleteAsync"/> is
/// abandoned. One caller at a time. Floats and nested columns need the package Dlt.Parquet.Reading.
/// </summary>
/// <remarks>
/// Three layers, each of which knows nothing of the one above: a row is converted to the forms of the columns here
/// (<see cref="RowConversion"/>), <see cref="PartitionedWriter"/> finds the file of its partition, <see cref="RollingFileWriter"/> begins
/// and ends the files of a partition, and an <see cref="IRowAppender"/> writes one Parquet file.
/// </remarks>
public sealed class DataFileWriter : IAsyncDisposable
{
    private readonly string _name;
    private readonly RowConversion _conversion;
    private readonly RowPartition _partitions;
    private readonly DataFileStore _store;
    private readonly PartitionedWriter _writer;
    private long _rows;
    private long _storedRows;
    private bool _isComplete;

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

    /// <summary>Begins to write files with names of their own, so that it writes over those of an earlier writer of the same
    /// rows.</summary>
    internal DataFileWriter(Table table, string namePrefix)
        : this(table, new DataFileStore(table, table.Metadata.DefaultSortOrder) { NamePrefix = namePrefix })
    {
    }

    /// <summary>Begins to write files whose rows are in an order of their own.</summary>
    internal DataFileWriter(Table table, SortOrder order) : this(table, new DataFileStore(table, order))
    {
    }

    private DataFileWriter(Table table, DataFileStore store)
    {
        _name = table.Name;
        _conversion = new(table);
        _partitions = new(table.Metadata.DefaultSpec, table.Metadata.CurrentSchema, _conversion);
        _store = store;
        _writer = new(table.Metadata.TargetFileBytes(), _store);
    }

    /// <summary>Adds a row.</summary>
    /// <param name="values">
    /// One value per column of the table, in order: in the forms of <see cref="PrimitiveKind"/>, or as .NET has them (DateTimeOffset,
    /// DateOnly, decimal, …). Structs are object[], lists any IEnumerable, maps any IDictionary or pairs.
    /// Dates and timestamps have the years 1 to 9999; fractions become the nearest float or double, and ticks below a microsecond are
    /// dropped; all else must be a value of the column exactly. The array may be used again for the next row.
    /// </param>
    /// <param name="cancellationToken">Stops.</param>
    /// <exception cref="ArgumentException">
    /// There are more or fewer values than columns, a column cannot hold its value, or a required one is missing. The row was not added,
    /// and the writer can go on.
    /// </exception>
    /// <exception cref="InvalidOperationException">The writer is complete, or has failed.</exception>
    public Task AddAsync(IReadOnlyList<object?> values, CancellationToken cancellationToken = default)
    {
        CheckOpen();
        var number = ++_rows;
        var row = !_store.KeepsRows && values is object?[] array && _conversion.HasOwnForms(array)
            ? array : _conversion.Convert(values, number);
        return _writer.AddAsync(_partitions.Of(row, number, isStored: false), row, cancellationToken);
    }

    /// <summary>
    /// Adds a row that is in the table already, and is only moved to another file: dates beyond the calendar, which other engines have put
    /// there, stay as they are.
    /// </summary>
    /// <exception cref="ArgumentException">A column cannot hold its value.</exception>
    internal Task AddStoredAsync(object?[] values, CancellationToken cancellationToken)
    {
        CheckOpen();
        var number = ++_storedRows;
        var row = !_store.KeepsRows && _conversion.HasOwnForms(values) ? values : _conversion.Convert(values, number, isStored: true);
        return _writer.AddAsync(_partitions.Of(row, number, isStored: true), row, cancellationToken);
    }

    /// <summary>Writes what is left, and ends the writer.</summary>
    /// <returns>The files, to be appended to the table.</returns>
    /// <exception cref="InvalidOperationException">
    /// The files were handed out already, or a file could not be written: appended twice, or without that file, rows would be doubled or
    /// missing.
    /// </exception>
    public async Task<IReadOnlyList<DataFile>> CompleteAsync(CancellationToken cancellationToken = default)
    {
        CheckOpen();
        var files = await _writer.CompleteAsync(cancellationToken).ConfigureAwait(false);
        _isComplete = true;
        return files;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _writer.Dispose();
        _store.Dispose();
        return default;
    }

    private void CheckOpen()
    {
        if (!_isComplete && !_writer.IsBroken) return;
        throw new InvalidOperationException(_isComplete
            ? $"This writer of table '{_name}' is complete, and its files were handed out. Nothing more was written. Make a new "
                + "DataFileWriter for further rows."
            : $"A file of this writer of table '{_name}' could not be written, so that its rows are in no file. Nothing was committed. "
                + "Dispose the writer, and write all rows again with a new one.");
    }
}
