using Dlt.Json;

namespace Dlt.Iceberg;

/// <summary>Reads the rows of Parquet files; <c>Dlt.Parquet.Reading</c> has one. Appends do without.</summary>
public interface IDataFileReader
{
    /// <summary>The rows in the order of the file.</summary>
    /// <param name="file">The file; it may be read at random.</param>
    /// <param name="request">What is wanted of it.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    /// <returns>Batches of rows with one value per field of the schema, in the forms of <see cref="PrimitiveKind"/>; structs are object[], lists List, maps lists of pairs.</returns>
    /// <exception cref="IcebergException">The file is damaged, or lacks a required field.</exception>
    IAsyncEnumerable<IReadOnlyList<object?[]>> ReadAsync(Stream file, DataFileRequest request, CancellationToken cancellationToken);
}

/// <summary>What is wanted of a data file (spec/iceberg.md 1.6).</summary>
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
}
