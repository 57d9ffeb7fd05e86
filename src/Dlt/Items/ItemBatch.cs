using Apache.Arrow;

namespace Dlt.Batches;

/// <summary>Whether the names of a batch are known before its first row.</summary>
internal enum BatchNames
{
    /// <summary>They are keys of the items, as in dictionaries: two that become one identifier concern the items that have both.</summary>
    Keys,

    /// <summary>The columns are known, those of nested values are not: rows of databases, objects, CSV.</summary>
    Columns,

    /// <summary>All names are known: Parquet, Arrow.</summary>
    Fields,
}

/// <summary>Items that come as columns: each row is one item, with the keys, names and types that it would get as JSON.</summary>
/// <param name="Rows">The rows; structs are nested objects, lists are nested lists. Every column has a value, or null, for each of
/// them.</param>
/// <param name="IsOwned">True when the batch can be disposed once it is written.</param>
internal sealed record ItemBatch(RecordBatch Rows, bool IsOwned = false)
{
    public RecordBatch Rows { get; init => field = BatchLengths.Checked(value); } = BatchLengths.Checked(Rows);

    public BatchNames Names { get; init; }

    /// <summary>What errors call the file of the rows; null where they come from elsewhere.</summary>
    public string? File { get; init; }

    /// <summary>A batch of these columns.</summary>
    public static ItemBatch Of(IReadOnlyList<(Field Field, IArrowArray Array)> columns, int rows, BatchTexts texts = BatchTexts.Values) =>
        new(new RecordBatch(new Schema(columns.Select(c => c.Field), BatchTextsMetadata.Of(texts)), columns.Select(c => c.Array), rows));
}
