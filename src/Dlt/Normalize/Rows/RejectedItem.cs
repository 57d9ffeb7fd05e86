using System.Text;
using Dlt.Json;

namespace Dlt.Normalize.Rows;

/// <summary>An item that could not become a row, as a row of <c>_dlt_rejected</c>.</summary>
internal static class RejectedItem
{
    public const string Table = "_dlt_rejected";

    /// <summary>An item that is not JSON, or does not fit.</summary>
    public static JsonValue Of(ItemText item, string table, DltException error) => error switch
    {
        JsonFormatException place => Row(item, table, place.Reason, place.Line, place.ByteOffset, JsonValue.String(place.Path)),
        UnloadableItemException refused => Row(item, table, refused.Reason, item.Line, item.Offset, refused.Path is { } path ? JsonValue.String(path) : JsonValue.Null),
        _ => Row(item, table, error.Message, item.Line, item.Offset, JsonValue.Null),
    };

    /// <summary>The item of a row that a contract dropped.</summary>
    public static JsonValue Of(ItemText item, DiscardedRow row) => Row(item, row.Table, row.Reason, item.Line, item.Offset, JsonValue.Null);

    /// <summary>A record of a text file that never became an item; of its byte and path nothing is known.</summary>
    public static JsonValue Of(RejectedRecord record, string table) => JsonValue.Object(
        ("table_name", JsonValue.String(table)), ("reason", JsonValue.String(record.Reason)), ("file", JsonValue.String(record.File)), ("line", JsonValue.Integer(record.Line)),
        ("item", JsonValue.String(record.Record)));

    private static JsonValue Row(ItemText item, string table, string reason, long line, long offset, JsonValue path) => JsonValue.Object(
        ("table_name", JsonValue.String(table)),
        ("reason", JsonValue.String(reason)),
        ("file", JsonValue.String(item.Source)),
        ("line", JsonValue.Integer(line)),
        ("byte", JsonValue.Integer(offset)),
        ("json_path", path),
        ("item", JsonValue.String(Encoding.UTF8.GetString(item.Utf8))));
}
