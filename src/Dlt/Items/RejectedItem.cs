using System.Globalization;
using System.Text;
using Dlt.Json;
using Dlt.Types;

namespace Dlt.Normalize.Rows;

/// <summary>An item that could not become a row, as a row of <c>_dlt_rejected</c>.</summary>
internal static class RejectedItem
{
    public const string Table = "_dlt_rejected";
    public const string TableColumn = "table_name";
    public const string ReasonColumn = "reason";

    private const int BeginningBytes = 1 << 16;

    /// <summary>An item that is not JSON, or does not fit.</summary>
    public static JsonValue Of(ItemText item, string table, DltException error) => error switch
    {
        JsonFormatException place => Row(item, table, place.Reason, place.Line, place.ByteOffset, JsonValue.String(place.Path)),
        UnloadableItemException refused =>
            Row(item, table, refused.Reason, item.Line, item.Offset, refused.Path is { } path ? JsonValue.String(path) : JsonValue.Null),
        _ => Row(item, table, error.Message, item.Line, item.Offset, JsonValue.Null),
    };

    /// <summary>The item of a row that a contract dropped.</summary>
    public static JsonValue Of(ItemText item, DiscardedRow row) => Row(item, row.Table, row.Reason, item.Line, item.Offset, JsonValue.Null);

    /// <summary>A record of a text file that never became an item; of its byte and path nothing is known.</summary>
    public static JsonValue Of(RejectedRecord record, string table) => JsonValue.Object(
        (TableColumn, JsonValue.String(table)),
        (ReasonColumn, JsonValue.String(record.Reason)),
        ("file", JsonValue.String(record.File)),
        ("line", JsonValue.Integer(record.Line)),
        ("item", JsonValue.String(record.Record)));

    private static JsonValue Row(ItemText item, string table, string reason, long line, long offset, JsonValue path) => JsonValue.Object(
        (TableColumn, JsonValue.String(table)),
        (ReasonColumn, JsonValue.String(reason)),
        ("file", JsonValue.String(item.Source)),
        ("line", JsonValue.Integer(line)),
        ("byte", JsonValue.Integer(offset)),
        ("json_path", path),
        ("item", JsonValue.String(Text(item.Utf8))));

    /// <summary>The item as it stands; of one that is no text of .NET any more, the beginning.</summary>
    private static string Text(ReadOnlySpan<byte> utf8) => utf8.Length <= TextLimit.MaxBytes
        ? Encoding.UTF8.GetString(utf8)
        : string.Create(CultureInfo.InvariantCulture, $"{Encoding.UTF8.GetString(utf8[..BeginningBytes])}… ({utf8.Length} bytes)");
}
