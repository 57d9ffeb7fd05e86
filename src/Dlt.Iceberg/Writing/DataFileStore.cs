using System.Collections.Immutable;
using System.Globalization;
using Dlt.Internal;
using Dlt.Parquet;

namespace Dlt.Iceberg;

/// <summary>
/// Creates the data files of one <see cref="DataFileWriter"/> in a local folder, and uploads completed files to the table's folder.
/// </summary>
internal sealed class DataFileStore : IDisposable
{
    private readonly Table _table;
    private readonly Schema _schema;
    private readonly int _specId;
    private readonly RowSorter? _sorter;
    private readonly int _sortOrderId;
    private readonly IRowFileFactory? _factory;
    private readonly ParquetWriterOptions _options;
    private readonly ImmutableDictionary<int, BloomFilterOptions> _blooms;
    private readonly long _rowGroupBytes;
    private readonly MetricsConfig _metrics;
    private readonly string _folder;
    private int _count;

    /// <param name="table">Table of the files.</param>
    /// <param name="order">Order of the rows within each file.</param>
    /// <param name="schema">Columns of the files.</param>
    /// <param name="temporaryFolder">Folder that gets a folder with the local files; null for that of the process.</param>
    /// <exception cref="IcebergException">The table has column types or a codec that cannot be written.</exception>
    public DataFileStore(Table table, SortOrder order, Schema schema, string? temporaryFolder = null)
    {
        table.Metadata.CheckTakesRows();
        _table = table;
        _schema = schema;
        _specId = table.Metadata.DefaultSpec.SpecId;
        _sorter = RowSorter.Of(order, _schema);
        _sortOrderId = _sorter is null ? SortOrder.Unsorted.OrderId : order.OrderId;
        _metrics = new(table.Metadata);
        _factory = FactoryFor(table, schema);
        _options = WriteProperties.Of(table.Metadata);
        _blooms = BloomFilterConfig.Of(table.Metadata);
        _rowGroupBytes = WriteProperties.RowGroupBytesOf(table.Metadata);
        KeepsRows = _sorter is not null || _factory is not null;
        _folder = Path.Combine(temporaryFolder ?? TemporaryFolder.OfProcess, $"dlt-iceberg-{Guid.NewGuid():N}");
        Directory.CreateDirectory(_folder);
    }

    /// <summary>
    /// Prefix of the file names. The default is random, so names are unique in the table. A fixed prefix lets a writer overwrite the files
    /// of an earlier one.
    /// </summary>
    public string NamePrefix { get; init; } = $"00000-{Guid.NewGuid():D}";

    /// <summary>True if rows stay in memory as arrays; false if their values are copied when a row is added.</summary>
    public bool KeepsRows { get; }

    /// <summary>True if this library's encoder writes the columns of the table.</summary>
    public bool WritesColumns => _factory is null;

    /// <summary>Id of the order of the rows in each file; 0 if they have none.</summary>
    public int SortOrderId => _sortOrderId;

    /// <summary>Codec, encodings and page sizes of the files.</summary>
    public ParquetWriterOptions Options => _options;

    /// <summary>Number of bytes of rows at which a row group ends.</summary>
    public long RowGroupBytes => _rowGroupBytes;

    /// <summary>Creates a local file.</summary>
    public OpenDataFile Open(PartitionKey partition)
    {
        var (location, path) = NewFile(partition);
        IRowAppender rows = _factory is null
            ? new ColumnRowAppender(path, _schema, _options, _rowGroupBytes)
            : new RowGroupAppender(_factory, path, _schema, _options, _rowGroupBytes, new(_schema, _blooms));
        if (_sorter is not null) rows = new SortingRowAppender(_sorter, rows);
        var metrics = _factory is null ? NewMetrics() : RowMetrics.OfAll(_schema);
        return new(partition, location, path, rows, metrics);
    }

    /// <summary>Creates a local file that is written column by column, in the order of the rows.</summary>
    public OpenColumnFile OpenColumns(PartitionKey partition)
    {
        var (location, path) = NewFile(partition);
        var writer = new ParquetFileWriter(path, _options) { KeyValueMetadata = [ParquetFile.SchemaKeyValue(_schema)] };
        return new(partition, location, path, writer, NewMetrics());
    }

    /// <summary>Creates a collector of the metrics that the footers of this library's encoder lack.</summary>
    public RowMetrics NewMetrics() => RowMetrics.NotInFooter(_schema, _metrics);

    /// <summary>Completes a file and uploads it.</summary>
    /// <param name="file">File with at least one row.</param>
    /// <param name="cancellationToken">Cancels the upload. Orphan removal deletes a file that was uploaded.</param>
    /// <returns>The file with the fields of its manifest entry.</returns>
    public async Task<DataFile> StoreAsync(OpenDataFile file, CancellationToken cancellationToken)
    {
        using (file) file.Rows.Complete();
        return await StoreAsync(file.Partition, file.Location, file.Path, file.Metrics, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Completes a file that was written column by column, and uploads it.</summary>
    /// <param name="file">File with at least one row group.</param>
    /// <param name="columns">Columns of the table.</param>
    /// <param name="cancellationToken">Cancels the upload. Orphan removal deletes a file that was uploaded.</param>
    /// <returns>The file with the fields of its manifest entry.</returns>
    public async Task<DataFile> StoreAsync(
        OpenColumnFile file, IReadOnlyList<ParquetColumn> columns, CancellationToken cancellationToken)
    {
        using (file) file.Writer.Complete(columns);
        return await StoreAsync(file.Partition, file.Location, file.Path, file.Metrics, cancellationToken).ConfigureAwait(false);
    }

    public void Dispose()
    {
        if (Directory.Exists(_folder)) Directory.Delete(_folder, recursive: true);
    }

    private (string Location, string Path) NewFile(PartitionKey partition)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"{NamePrefix}-{++_count:00000}.parquet");
        return (DataLocations.Of(_table.Metadata, _specId, partition.Values, name), Path.Combine(_folder, name));
    }

    private async Task<DataFile> StoreAsync(
        PartitionKey partition, string location, string path, RowMetrics metrics, CancellationToken cancellationToken)
    {
        var size = new FileInfo(path).Length;
        await _table.Files.UploadAsync(location, path, cancellationToken).ConfigureAwait(false);
        var local = new ParquetFile(path);
        var described = local.Describe(location, size, _schema, _table.Metadata, _specId, partition.Values);
        described = metrics.Describe(described);
        File.Delete(path);
        return _metrics.Applied(described, _schema) with { SortOrderId = _sortOrderId };
    }

    /// <summary>The factory for the files of the table; null if this library's encoder writes them.</summary>
    private static IRowFileFactory? FactoryFor(Table table, Schema schema)
    {
        foreach (var (field, name) in schema.AllFields)
        {
            if (field.Type is PrimitiveType { Kind: >= PrimitiveKind.Unknown } type)
            {
                throw new IcebergException(IcebergError.Unsupported,
                    $"Column '{name}' of table '{table.Name}' has the type {type}, which cannot be written. Nothing was written.");
            }
        }

        if (!schema.Fields.Any(f => DataFileColumn.Of(f) is null)) return null;
        return table.Catalog?.DataFileReader as IRowFileFactory ?? throw new IcebergException(IcebergError.Unsupported,
            $"Table '{table.Name}' has float, nested or nanosecond columns, which require the package Dlt.Parquet.Reading. Set the "
            + "catalog's DataFileReader to a ParquetDataFileReader. Nothing was written.");
    }
}
