using Dlt.Schemas;

namespace Dlt.Items;

/// <summary>The table <c>_dlt_rejected</c>, and its rows for records that could not be read as items.</summary>
internal static class RejectedItem
{
    /// <summary>Name of the table of rejected items.</summary>
    public const string Table = SystemTables.Rejected;

    /// <summary>Column with the name of the table that the item was for.</summary>
    public const string TableNameColumn = "table_name";

    /// <summary>Column with the reason why the item was rejected.</summary>
    public const string ReasonColumn = "reason";

    /// <summary>Creates the row of a record of a text file. The byte position and the JSON path are unknown.</summary>
    /// <param name="record">Rejected record.</param>
    /// <param name="table">Normalized name of the table that the record was for.</param>
    public static JsonValue Of(RejectedRecord record, string table) => JsonValue.Object(
        (TableNameColumn, JsonValue.String(table)),
        (ReasonColumn, JsonValue.String(record.Reason)),
        ("file", JsonValue.String(record.File)),
        ("line", JsonValue.Integer(record.Line)),
        ("item", JsonValue.String(record.Record)));
}
