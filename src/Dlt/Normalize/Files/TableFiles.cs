using System.Globalization;
using Dlt.Destinations;
using Dlt.Hashing;
using Dlt.Normalize.Rows;
using Dlt.Packages;
using Dlt.Parquet;
using Dlt.Schemas;
using Dlt.Settings;

namespace Dlt.Normalize.Files;

/// <summary>Parquet job files of one table: rows gather until they fill a row group, files roll at their target size.</summary>
/// <remarks>Gathering and writing may be two threads at a time, each of them in order.</remarks>
internal sealed class TableFiles(
    LoadPackage package, string table, RowOrigin origin, DestinationCapabilities capabilities, JobFileOptions options) : IDisposable
{
    /// <summary>Rows of this many bytes fill a row group of this many, however few they are.</summary>
    private const int LargeRowBytes = 256 << 10, FewRowsBytes = 8 << 20;

    private PendingRowGroup _batch = new();
    private ParquetFileWriter? _file;
    private IReadOnlyList<ParquetColumn> _columns = [];
    /// <summary>What the format of the table asks of its files.</summary>
    public required TableFormatCapabilities Format { get; init; }

    private readonly Dictionary<string, ColumnType> _types = new(StringComparer.Ordinal);   // of Arrow tables: as the data has them
    private bool _hasFile;
    private long _rowsOfFile;   // of the file that the next row group belongs to, but for files that end at their target size

    /// <summary>Rows gathered so far.</summary>
    public long Rows { get; private set; }

    public bool HasRows => _batch.Rows > 0;

    /// <summary>Bytes of the rows that wait for their row group.</summary>
    public long GatheredBytes { get; private set; }

    /// <summary>Adds the rows of a chunk.</summary>
    /// <returns>True when there are enough for a row group.</returns>
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
    /// Takes as many whole row groups out as the bounds of the settings make of the rows: no file and no row group has more rows than they
    /// say.
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

    /// <summary>Takes what was gathered out as a row group.</summary>
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
            if (described.IsRequired && column.Buffer.NullCount > 0) throw NullInRequired(described.Name);
            buffers.Add((described, column.Buffer));
        }

        if (columns.FirstOrDefault(c => c.IsRequired && buffers.All(b => b.Column.Name != c.Name)) is { } missing)
            throw NullInRequired(missing.Name);
        var job = new RowGroupJob(number, this, _batch, buffers, columns);
        _rowsOfFile += _batch.Rows;
        if (_rowsOfFile >= options.MaxFileRows) _rowsOfFile = 0;
        _batch = _batch.NewEmpty();
        GatheredBytes = 0;
        return job;
    }

    /// <summary>Writes a row group behind the ones before it.</summary>
    public void Write(EncodedRowGroup group, IReadOnlyList<ParquetColumn> columns)
    {
        // A required column cannot be null in the row groups that came before it.
        // Lists cannot get further fields in them either.
        if (_file is { } open && columns.Any(c => (c.IsRequired && open.LacksColumn(c)) || (c.IsNested && open.LacksPartOf(c)))) Close();
        _columns = columns;
        Open().WriteRowGroup(group);
        if (_file!.Length >= options.TargetFileSizeBytes || (options.MaxFileRows is { } max && _file.Rows >= max)) Close();
    }

    /// <summary>Makes sure that there is a file, if only one without rows: it tells the load to empty a replaced table.</summary>
    public void EnsureFile(TableSchema schema)
    {
        if (_hasFile) return;
        _columns = Columns(schema);
        Open();
    }

    /// <summary>Completes the file at hand.</summary>
    public void Close()
    {
        _file?.Complete(_columns);
        _file = null;
    }

    public void Dispose() => _file?.Dispose();

    /// <summary>Rows of the next row group at most; null for no bound.</summary>
    private long? NextBound() => (options.MaxRowGroupRows, options.MaxFileRows - _rowsOfFile) switch
    {
        ({ } group, { } file) => Math.Min(group, file),
        var (group, file) => group ?? file,
    };

    /// <summary>All columns of the table; files of Arrow tables lack the keys that the data does not have.</summary>
    private List<ParquetColumn> Columns(TableSchema schema) =>
    [
        .. schema.CompleteColumns
            .Where(c => origin == RowOrigin.Items || _types.ContainsKey(c.Name) || !SystemTables.IsSystemName(c.Name))
            .Select(c =>
                new ParquetColumn(LoadJob.ColumnName(c.Name),
                InFile(_types.TryGetValue(c.Name, out var type) ? type : FileColumnTypes.Of(c, capabilities)), !c.IsNullable)
            {
                HasIntegerDecimals = Format.HasIntegerDecimals,
            }),
    ];

    private ColumnType InFile(ColumnType type) =>
        Format.TimestampPrecision is { } digits && type.DataType == DataType.Timestamp ? type with { FractionDigits = digits } : type;

    private ParquetFileWriter Open()
    {
        if (_file is not null) return _file;
        var job = new JobFileName(JobTables.Component(table), DltHash.NewFileId(), 0, "parquet");
        _hasFile = true;
        return _file = new ParquetFileWriter(package.PathOf(PackageFolders.NewJobs, job.FileName), options.Parquet);
    }

    private SchemaException NullInRequired(string column) => new(
        $"Column '{table}.{column}' is declared not nullable, but rows came without it. Nothing of the package was loaded. "
        + "Fill the field in the data, or declare the column nullable.")
    { Table = table, Column = column };

}
