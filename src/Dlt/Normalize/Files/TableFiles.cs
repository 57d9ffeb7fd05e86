using Dlt.Destinations;
using Dlt.Items;
using Dlt.Normalize.Rows;
using Dlt.Packages;
using Dlt.Parquet;
using Dlt.Schemas;
using Dlt.Settings;

namespace Dlt.Normalize.Files;

/// <summary>
/// Writes the Parquet job files of one table: rows are collected until they fill a row group, and a new file starts at the target size.
/// </summary>
/// <remarks>One thread may collect rows while another writes; each of them keeps the order.</remarks>
internal sealed class TableFiles(
    LoadPackage package, string table, RowOrigin origin, DestinationCapabilities capabilities, JobFileOptions options) : IDisposable
{
    /// <summary>
    /// Rows of at least <see cref="LargeRowBytes"/> fill a row group at <see cref="FewRowsBytes"/>, even if they are few.
    /// </summary>
    private const int LargeRowBytes = 256 << 10;

    private const int FewRowsBytes = 8 << 20;

    private PendingRowGroup _batch = new();
    private ParquetFileWriter? _file;
    private IReadOnlyList<ParquetColumn> _columns = [];
    private readonly Dictionary<string, ColumnType> _types = new(StringComparer.Ordinal);   // types of Arrow tables in the data
    private bool _hasFile;
    private long _rowsOfFile;   // rows of the current file; not reset when a file ends at its target size

    /// <summary>Requirements of the table's format for its files.</summary>
    public required TableFormatCapabilities Format { get; init; }

    /// <summary>The files of the package that are open.</summary>
    public required OpenFiles OpenFiles { get; init; }

    /// <summary>Ids of the package's files.</summary>
    public required OrderedFileIds FileIds { get; init; }

    /// <summary>Number of rows added so far.</summary>
    public long Rows { get; private set; }

    public bool HasRows => _batch.Rows > 0;

    /// <summary>Bytes of the rows that are not yet in a row group.</summary>
    public long GatheredBytes { get; private set; }

    /// <summary>Adds the rows of a chunk.</summary>
    /// <returns>True when the rows fill a row group.</returns>
    public bool Gather(TableBuffer chunk)
    {
        Rows += chunk.Rows;
        if (origin == RowOrigin.ArrowTable)
            foreach (var column in chunk.Columns) _types[column.Schema.Name] = column.Type;
        _batch.Take(chunk);
        GatheredBytes = _batch.ByteSize;
        return _batch.Rows >= options.RowGroupRows || GatheredBytes >= options.RowGroupBytes
            || (GatheredBytes >= FewRowsBytes && GatheredBytes / _batch.Rows >= LargeRowBytes);
    }

    /// <summary>
    /// Takes the full row groups that the limits of the settings make of the collected rows. No file and no row group has more rows than
    /// its limit.
    /// </summary>
    public IEnumerable<RowGroupJob> TakeBounded(Func<long> nextNumber, TableSchema schema)
    {
        if (NextBound() is not { } bound || _batch.Rows < bound) yield break;
        var all = _batch;
        var from = 0;
        for (; all.Rows - from >= bound; bound = NextBound()!.Value)
        {
            _batch = all.Slice(from, (int)bound);
            from += (int)bound;
            yield return TakeRowGroup(nextNumber(), schema);
        }

        _batch = all.Slice(from, all.Rows - from);
        GatheredBytes = _batch.ByteSize;
        all.Release();
    }

    /// <summary>Takes the collected rows as a row group.</summary>
    /// <exception cref="SchemaException">A column that is not nullable has nulls.</exception>
    public RowGroupJob TakeRowGroup(long number, TableSchema schema)
    {
        var columns = Columns(schema);
        var known = columns.ToDictionary(c => c.Name, StringComparer.Ordinal);
        var buffers = new List<(ParquetColumn Column, ColumnBuffer Buffer)>();
        foreach (var column in _batch.Columns)
        {
            if (!known.TryGetValue(LoadJob.ColumnName(column.Schema.Name), out var described) || column.Buffer.Rows == 0) continue;
            column.Buffer.FillTo(_batch.Rows);
            if (described.IsRequired && column.Buffer.NullCount > 0) throw RequiredColumn.WithNulls(table, described.Name, Filled());
            buffers.Add((described, column.Buffer));
        }

        if (columns.FirstOrDefault(c => c.IsRequired && buffers.All(b => b.Column.Name != c.Name)) is { } missing)
            throw RequiredColumn.WithNulls(table, missing.Name, Filled());
        var job = new RowGroupJob(number, this, _batch, buffers, columns);
        _rowsOfFile += _batch.Rows;
        if (_rowsOfFile >= options.MaxFileRows) _rowsOfFile = 0;
        _batch = _batch.NewEmpty();
        GatheredBytes = 0;
        return job;
    }

    /// <summary>Appends a row group to the current file.</summary>
    public void Write(EncodedRowGroup group, IReadOnlyList<ParquetColumn> columns)
    {
        // Earlier row groups of a file cannot have nulls in a required column, nor lack fields of a nested one.
        var startsNewFile = _file is { } open
            && columns.Any(c => (c.IsRequired && open.LacksColumn(c)) || (c.IsNested && open.LacksPartOf(c)));
        if (startsNewFile) Close();
        _columns = columns;
        Open().WriteRowGroup(group);
        if (_file!.Length >= options.TargetFileSizeBytes || (options.MaxFileRows is { } max && _file.Rows >= max)) Close();
    }

    /// <summary>Creates a file without rows if the table has no file. The load then empties a replaced table.</summary>
    public void EnsureFile(TableSchema schema)
    {
        if (_hasFile) return;
        _columns = Columns(schema);
        Open();
    }

    /// <summary>Completes the current file.</summary>
    public void Close()
    {
        _file?.Complete(_columns);
        _file = null;
    }

    public void Dispose() => _file?.Dispose();

    /// <summary>Returns the maximum number of rows of the next row group; null for no limit.</summary>
    private long? NextBound() => (options.MaxRowGroupRows, options.MaxFileRows - _rowsOfFile) switch
    {
        ({ } group, { } file) => Math.Min(group, file),
        var (group, file) => group ?? file,
    };

    /// <summary>Returns all columns of the table. Files of Arrow tables have no key columns unless the data has them.</summary>
    private List<ParquetColumn> Columns(TableSchema schema)
    {
        var columns = schema.CompleteColumns
            .Where(c => origin == RowOrigin.Items || _types.ContainsKey(c.Name) || !SystemTables.IsSystemName(c.Name));
        return [.. columns.Select(ToParquet)];
    }

    private ParquetColumn ToParquet(ColumnSchema column)
    {
        var type = _types.TryGetValue(column.Name, out var known) ? known : FileColumnTypes.Of(column, capabilities);
        return new(LoadJob.ColumnName(column.Name), InFile(type), !column.IsNullable)
        {
            HasIntegerDecimals = Format.HasIntegerDecimals,
        };
    }

    private ColumnType InFile(ColumnType type) =>
        Format.TimestampPrecision is { } digits && type.DataType == DataType.Timestamp ? type with { FractionDigits = digits } : type;

    /// <summary>Columns that have values in the collected rows.</summary>
    private IEnumerable<ColumnSchema> Filled() =>
        _batch.Columns.Where(c => c.Buffer.Rows > c.Buffer.NullCount).Select(c => c.Schema);

    private ParquetFileWriter Open()
    {
        if (_file is not null) return _file;
        var job = new JobFileName(JobTables.Component(table), FileIds.Next(), 0, "parquet");
        _hasFile = true;
        var stream = new JobFileStream(package.PathOf(PackageFolders.NewJobs, job.FileName), FileMode.Create, OpenFiles);
        return _file = new ParquetFileWriter(stream, options.Parquet);
    }
}
