namespace Dlt.Iceberg;

/// <summary>Reads rows of Parquet files. The package <c>Dlt.Parquet.Reading</c> implements it. Appends do not need a reader.</summary>
public interface IDataFileReader
{
    /// <summary>Reads the rows in file order.</summary>
    /// <param name="file">Parquet file; random access is supported.</param>
    /// <param name="request">Fields to read and rows to skip.</param>
    /// <param name="cancellationToken">Cancels the read.</param>
    /// <returns>Batches that together account for all rows of the file.</returns>
    /// <exception cref="IcebergException">
    /// The file is damaged, or it lacks a required field. Exceptions of the stream are not wrapped: they do not mean that the file is
    /// damaged.
    /// </exception>
    IAsyncEnumerable<DataFileBatch> ReadAsync(Stream file, DataFileRequest request, CancellationToken cancellationToken = default);
}

/// <summary>Consecutive rows of a file.</summary>
/// <param name="RowCount">Number of the file's rows that the batch accounts for.</param>
/// <param name="Rows">
/// The rows, with one value per field of the schema in the .NET form of <see cref="PrimitiveKind"/>: structs are object[], lists List, maps
/// lists of pairs. Empty if no row of the batch can match the filter.
/// </param>
public sealed record DataFileBatch(long RowCount, IReadOnlyList<object?[]> Rows);

/// <summary>Fields and rows to read from a data file.</summary>
/// <param name="Location">Location of the file, for messages.</param>
/// <param name="Schema">Fields of the rows. They are found in the file by their ids.</param>
public sealed record DataFileRequest(string Location, Schema Schema)
{
    /// <summary>Values by field id of fields that are the same for all rows and that the file may lack: identity partitions.</summary>
    public IReadOnlyDictionary<int, object?> Constants { get; init; } = new Dictionary<int, object?>();

    /// <summary>Names of fields for files without field ids: the table's property <c>schema.name-mapping.default</c>.</summary>
    public JsonValue? NameMapping { get; init; }

    /// <summary>
    /// All columns of the table, for files without field ids and without a name mapping. Their columns get ids by position.
    /// </summary>
    public Schema? TableSchema { get; init; }

    /// <summary>True if the reader may skip rows; <see cref="MayMatch"/> decides which.</summary>
    public bool IsFiltered => Filter is not ConstantFilter;

    /// <summary>Filter on rows, bound to the fields of the schema. Rows that do not match may be skipped.</summary>
    internal Filter Filter { get; init; } = Filter.True;

    /// <summary>
    /// Returns false only if no row of the row group can match the filter. The reader may skip such a row group, but must count its rows in
    /// <see cref="DataFileBatch.RowCount"/>.
    /// </summary>
    /// <param name="rowGroup">Counts and bounds of the row group.</param>
    public bool MayMatch(ColumnMetrics rowGroup) => new MetricsFilter(Schema, rowGroup).MayMatch(Filter);

    /// <summary>
    /// Excludes row groups by the Bloom filters of the file. Does nothing if the filter does not compare a column for equality, or the file
    /// has no Bloom filters of such columns.
    /// </summary>
    /// <param name="file">The file; random access is supported. The position of the stream changes.</param>
    /// <param name="mayMatch">
    /// An element for each row group of the file, true if its rows may match. The elements of excluded row groups become false.
    /// </param>
    /// <param name="cancellationToken">Cancels the read.</param>
    public async Task ExcludeByBloomFiltersAsync(Stream file, bool[] mayMatch, CancellationToken cancellationToken = default)
    {
        var check = new BloomFilterCheck(Filter);
        if (check.IsUseful && mayMatch.Contains(true))
            await check.ExcludeAsync(file, Location, mayMatch, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// The value of all rows in a field that the file does not have: the value of its identity partition, its default (format version 3),
    /// or null.
    /// </summary>
    /// <exception cref="IcebergException">The field is required and has no default.</exception>
    public object? ValueOfMissing(NestedField field) => MissingFields.ValueOf(field, this);
}
