using Dlt.Json;

namespace Dlt.Iceberg;

/// <summary>Reads the rows of Parquet files; <c>Dlt.Parquet.Reading</c> has one. Appends do without.</summary>
public interface IDataFileReader
{
    /// <summary>The rows in the order of the file.</summary>
    /// <param name="file">The file; it may be read at random.</param>
    /// <param name="request">What is wanted of it.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    /// <returns>Batches that together stand for all rows of the file.</returns>
    /// <exception cref="IcebergException">The file is damaged, or lacks a required field. What the stream throws passes through: where the
    /// bytes cannot be read, it is not the file that is damaged.</exception>
    IAsyncEnumerable<DataFileBatch> ReadAsync(Stream file, DataFileRequest request, CancellationToken cancellationToken);
}

/// <summary>Rows of a file that follow each other.</summary>
/// <param name="RowCount">How many rows of the file it stands for.</param>
/// <param name="Rows">
/// Those rows, with one value per field of the schema in the forms of <see cref="PrimitiveKind"/>: structs are object[], lists List, maps
/// lists of pairs. None where no row can match what is asked for.
/// </param>
public sealed record DataFileBatch(long RowCount, IReadOnlyList<object?[]> Rows);

/// <summary>What is wanted of a data file.</summary>
/// <param name="Location">For messages.</param>
/// <param name="Schema">The fields of the rows; they are found by their ids.</param>
public sealed record DataFileRequest(string Location, Schema Schema)
{
    /// <summary>Values of fields that the file may lack, because they are the same for all rows: identity partitions.</summary>
    public IReadOnlyDictionary<int, object?> Constants { get; init; } = new Dictionary<int, object?>();

    /// <summary>Names of fields for files without ids: the table's property <c>schema.name-mapping.default</c>.</summary>
    public JsonValue? NameMapping { get; init; }

    /// <summary>All columns of the table, for files without ids and without names for them: ids go by position.</summary>
    public Schema? TableSchema { get; init; }

    /// <summary>True when rows may be left out: <see cref="MayMatch"/> says which.</summary>
    public bool IsFiltered => Filter is not ConstantFilter;

    /// <summary>Rows that do not match may be left out; it is bound to the fields of the schema.</summary>
    internal Filter Filter { get; init; } = Filter.True;

    /// <summary>
    /// Whether a row group has to be read: false only when none of its rows can match what is asked for. Its rows can be left out then,
    /// and count in <see cref="DataFileBatch.RowCount"/> all the same.
    /// </summary>
    /// <param name="rowGroup">What the file says of the row group.</param>
    public bool MayMatch(ColumnMetrics rowGroup) => new MetricsFilter(Schema, rowGroup).MayMatch(Filter);

    /// <summary>
    /// The value that all rows have in a field that the file does not have: of its identity partition, its default of format version 3, or
    /// null.
    /// </summary>
    /// <exception cref="IcebergException">The field is required and has no default.</exception>
    public object? ValueOfMissing(NestedField field) => MissingFields.ValueOf(field, this);
}
