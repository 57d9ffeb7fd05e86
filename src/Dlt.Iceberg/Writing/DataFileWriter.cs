namespace Dlt.Iceberg;

/// <summary>
/// Writes rows to data files of a table: at least one file per partition, of approximately the target size at most. Call <see
/// cref="AddAsync(IReadOnlyList{object?}, CancellationToken)"/> for each row, then <see cref="CompleteAsync"/> once, pass its files to a
/// transaction, and dispose the writer. Disposing without <see cref="CompleteAsync"/> discards the files. Not safe for concurrent use.
/// Float and nested columns require the package Dlt.Parquet.Reading.
/// </summary>
/// <remarks>
/// The layers: <see cref="RowConversion"/> converts a row to the forms of the columns, <see cref="PartitionedWriter"/> finds the file of
/// its partition, <see cref="RollingFileWriter"/> starts and completes the files of a partition, and an <see cref="IRowAppender"/> writes
/// one Parquet file. No layer depends on the one above it.
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

    /// <summary>Creates a writer for a table. The files belong to the table after a transaction appends them.</summary>
    /// <exception cref="IcebergException">
    /// The table has column types or a codec that cannot be written, or a format version that does not accept rows.
    /// </exception>
    /// <remarks>
    /// The table's sort order sorts the rows of each file. Sorted rows stay in memory until the file is full: up to the target size per
    /// file, and up to 128 MiB for all open files together. Files of a sorted table may therefore be smaller than the target size.
    /// </remarks>
    public DataFileWriter(Table table) : this(table, table.Metadata.DefaultSortOrder, table.Metadata.CurrentSchema)
    {
    }

    /// <summary>Creates a writer with a folder for its temporary files.</summary>
    internal DataFileWriter(Table table, string? temporaryFolder)
        : this(table, table.Metadata.CurrentSchema, new DataFileStore(
            table, table.Metadata.DefaultSortOrder, table.Metadata.CurrentSchema, temporaryFolder))
    {
    }

    /// <summary>
    /// Creates a writer with a fixed name prefix and a folder for its temporary files. It overwrites the files of an earlier writer of the
    /// same rows.
    /// </summary>
    internal DataFileWriter(Table table, string namePrefix, string temporaryFolder)
        : this(table, table.Metadata.CurrentSchema, new DataFileStore(
            table, table.Metadata.DefaultSortOrder, table.Metadata.CurrentSchema, temporaryFolder)
        { NamePrefix = namePrefix })
    {
    }

    /// <summary>Creates a writer with other columns, or with another order of the rows than the table's.</summary>
    /// <param name="table">The table.</param>
    /// <param name="order">Order of the rows within each file.</param>
    /// <param name="schema">Columns of the rows: those of the table, or of <see cref="RowLineage.SchemaOf"/> for rows that it had before.
    /// </param>
    internal DataFileWriter(Table table, SortOrder order, Schema schema) : this(table, schema, new DataFileStore(table, order, schema))
    {
    }

    private DataFileWriter(Table table, Schema schema, DataFileStore store)
    {
        _name = table.Name;
        _conversion = new(table, schema);
        _partitions = new(table.Metadata.DefaultSpec, schema, _conversion);
        _store = store;
        _writer = new(table.Metadata.TargetFileBytes(), _store);
    }

    /// <summary>Adds a row.</summary>
    /// <param name="values">
    /// One value per column of the table, in order, in the .NET form of <see cref="PrimitiveKind"/> or as a common .NET type
    /// (DateTimeOffset, DateOnly, decimal, …). Structs are object[], lists any IEnumerable, maps any IDictionary or pairs. The year of
    /// dates and timestamps is 1 to 9999. Fractions are rounded to the nearest float or double, and ticks below a microsecond are dropped;
    /// any other value must fit its column exactly. The caller may reuse the array for the next row.
    /// </param>
    /// <param name="cancellationToken">Cancels the write of a full file.</param>
    /// <exception cref="ArgumentException">
    /// The number of values is wrong, a column cannot hold its value, or a required value is missing. The row was not added, and the writer
    /// can continue.
    /// </exception>
    /// <exception cref="InvalidOperationException">The writer is completed or has failed.</exception>
    public Task AddAsync(IReadOnlyList<object?> values, CancellationToken cancellationToken = default)
    {
        CheckOpen();
        var number = ++_rows;
        var row = !_store.KeepsRows && values is object?[] array && _conversion.HasOwnForms(array)
            ? array : _conversion.Convert(values, number);
        return _writer.AddAsync(_partitions.Of(row, number, isStored: false), row, cancellationToken);
    }

    /// <summary>
    /// Adds a row that is already in the table and only moves to another file. Dates outside the calendar, which other engines have
    /// written, are kept.
    /// </summary>
    /// <exception cref="ArgumentException">A column cannot hold its value.</exception>
    internal Task AddStoredAsync(object?[] values, CancellationToken cancellationToken)
    {
        CheckOpen();
        var number = ++_storedRows;
        var row = !_store.KeepsRows && _conversion.HasOwnForms(values) ? values : _conversion.Convert(values, number, isStored: true);
        return _writer.AddAsync(_partitions.Of(row, number, isStored: true), row, cancellationToken);
    }

    /// <summary>
    /// Closes the open files. Rows that are added later are in files that come later in the result of <see cref="CompleteAsync"/>.
    /// </summary>
    internal async Task CloseFilesAsync(CancellationToken cancellationToken)
    {
        CheckOpen();
        await _writer.CompleteAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Writes the remaining rows and completes the writer.</summary>
    /// <returns>The files, to append to the table.</returns>
    /// <exception cref="InvalidOperationException">
    /// The writer was already completed, or a file could not be written. A second append would duplicate rows, and without the failed file
    /// rows would be missing.
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
            ? $"This writer of table '{_name}' is already completed. Nothing more was written. Create a new "
                + "DataFileWriter for further rows."
            : $"A file of this writer of table '{_name}' could not be written, so rows are missing. Nothing was committed. "
                + "Dispose the writer and write all rows again with a new one.");
    }
}
