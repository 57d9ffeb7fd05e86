using Apache.Arrow;

namespace Dlt.Items;

/// <summary>Specifies which names of a batch are known before its first row.</summary>
internal enum BatchNames
{
    /// <summary>
    /// The names are keys of the items, as in dictionaries. If two keys have the same normalized name, only the items that have both are
    /// affected.
    /// </summary>
    Keys,

    /// <summary>The names of the columns are known, those of nested values are not: rows of databases, objects, CSV.</summary>
    Columns,

    /// <summary>All names are known, including those of nested fields: Parquet, Arrow.</summary>
    Fields,
}

/// <summary>Items stored as columns. Each row is one item, with the keys, names and types that it would have as JSON.</summary>
/// <param name="Rows">
/// Rows of the batch. Structs are nested objects, lists are nested lists. Every column has a value, or null, for each row.
/// </param>
/// <param name="IsOwned">True when the batch may be disposed after it was written.</param>
internal sealed record ItemBatch(RecordBatch Rows, bool IsOwned = false)
{
    public RecordBatch Rows { get; init => field = BatchLengths.Checked(value); } = BatchLengths.Checked(Rows);

    public BatchNames Names { get; init; }

    /// <summary>Name of the file that the rows come from, for error messages; null for other sources.</summary>
    public string? File { get; init; }

    /// <summary>Creates a batch of these columns.</summary>
    public static ItemBatch Of(IReadOnlyList<(Field Field, IArrowArray Array)> columns, int rows, BatchTexts texts = BatchTexts.Values)
    {
        var schema = new Schema(columns.Select(c => c.Field), BatchTextsMetadata.Of(texts));
        return new(new RecordBatch(schema, columns.Select(c => c.Array), rows));
    }
}
