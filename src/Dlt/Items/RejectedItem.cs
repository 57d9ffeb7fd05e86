using Dlt.Json;

namespace Dlt.Normalize.Rows;

/// <summary>The table <c>_dlt_rejected</c>, and its rows of records that never became an item.</summary>
internal static class RejectedItem
{
    /// <summary>The table's name.</summary>
    public const string Table = "_dlt_rejected";

    /// <summary>The column with the table that the item was for.</summary>
    public const string TableNameColumn = "table_name";

    /// <summary>The column that says what is wrong with the item.</summary>
    public const string ReasonColumn = "reason";

    /// <summary>The row of a record of a text file; its byte and its path are not known.</summary>
    /// <param name="record">The record.</param>
    /// <param name="table">Identifier of the table that the record was for.</param>
    public static JsonValue Of(RejectedRecord record, string table) => JsonValue.Object(
        (TableNameColumn, JsonValue.String(table)),
        (ReasonColumn, JsonValue.String(record.Reason)),
        ("file", JsonValue.String(record.File)),
        ("line", JsonValue.Integer(record.Line)),
        ("item", JsonValue.String(record.Record)));
}
