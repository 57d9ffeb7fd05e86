namespace Dlt.Iceberg;

/// <summary>
/// The two columns that keep the identity of rows which move to another file (format version 3; docs/spec/iceberg.md 1.4). A file has them
/// after the columns of the table. A row without values inherits them: its position after the first row id of the file, and the sequence
/// number of the file.
/// </summary>
internal static class RowLineage
{
    private const int RowIdField = 2147483540;
    private const int SequenceNumberField = 2147483539;

    /// <summary>
    /// Columns of files with rows that were in the table before: those of the table and, in version 3, the two of lineage.
    /// </summary>
    public static Schema SchemaOf(TableMetadata metadata)
    {
        var schema = metadata.CurrentSchema;
        if (!metadata.HasRowLineage()) return schema;
        var number = new PrimitiveType(PrimitiveKind.Long);
        NestedField[] lineage = [new(RowIdField, "_row_id", number), new(SequenceNumberField, "_last_updated_sequence_number", number)];
        return new([.. schema.Fields, .. lineage], schema.SchemaId, schema.IdentifierFieldIds);
    }

    /// <summary>Index of the row id among the columns; the sequence number is next. Null if the schema lacks them.</summary>
    public static int? IndexIn(Schema schema)
    {
        var at = schema.Fields.Length - 2;
        return at >= 0 && schema.Fields[at].Id == RowIdField ? at : null;
    }

    /// <summary>Fills in the values that a row of a file inherits.</summary>
    /// <param name="row">The row.</param>
    /// <param name="at">Index of the row id.</param>
    /// <param name="rowId">Id of the row by its place; null if the table was upgraded and has had no commit since.</param>
    /// <param name="sequenceNumber">Data sequence number of the file.</param>
    public static void Inherit(object?[] row, int at, long? rowId, long sequenceNumber)
    {
        row[at] ??= rowId;
        if (row[at] is not null) row[at + 1] ??= sequenceNumber;
    }

    /// <summary>The columns of the table in a stored row.</summary>
    /// <param name="stored">Row with the columns of <see cref="SchemaOf"/>.</param>
    /// <param name="columns">Number of columns of the table.</param>
    public static object?[] WithoutLineage(object?[] stored, int columns) => stored.Length == columns ? stored : stored[..columns];

    /// <summary>The new values of a stored row: it keeps its id, and was updated by the commit that adds it.</summary>
    public static object?[] Updated(object?[] values, object?[] stored) =>
        stored.Length == values.Length ? values : [.. values, stored[values.Length], null];

    /// <summary>A row that a change has returned as it got it, or with other values in the same array.</summary>
    /// <param name="row">The array that the change got: <see cref="WithoutLineage"/>.</param>
    /// <param name="stored">The stored row.</param>
    public static object?[] Returned(object?[] row, object?[] stored)
    {
        for (var i = 0; i < row.Length; i++)
            if (!ReferenceEquals(row[i], stored[i])) return Updated(row, stored);
        return stored;
    }

    /// <summary>A new row, which gets a new id.</summary>
    /// <param name="values">Values of the columns of the table.</param>
    /// <param name="columns">Number of columns of <see cref="SchemaOf"/>.</param>
    public static object?[] New(object?[] values, int columns) => values.Length == columns ? values : [.. values, null, null];
}
