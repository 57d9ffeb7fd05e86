using System.Globalization;
using System.Text;
using Dlt.Items;
using Dlt.Json;

namespace Dlt.Normalize.Rows;

/// <summary>Makes a row of <c>_dlt_rejected</c> from an item that could not become a row of its table.</summary>
internal static class RejectedRow
{
    private const int BeginningBytes = 1 << 16;

    /// <summary>Makes the row for an item that is not JSON or does not fit its table.</summary>
    /// <param name="item">The item with its place.</param>
    /// <param name="table">Identifier of the table that the item was for.</param>
    /// <param name="error">The error of the item.</param>
    public static JsonValue Of(ItemText item, string table, DltException error) => error switch
    {
        JsonFormatException place => Row(item, table, place.Reason, place.Line, place.ByteOffset, JsonValue.String(place.Path)),
        UnloadableItemException refused =>
            Row(item, table, refused.Reason, item.Line, item.Offset, refused.Path is { } path ? JsonValue.String(path) : JsonValue.Null),
        _ => Row(item, table, UnloadedPackage.ReasonOf(error.Message), item.Line, item.Offset, JsonValue.Null),
    };

    /// <summary>Makes the row for an item from which a contract dropped a row.</summary>
    public static JsonValue Of(ItemText item, DiscardedRow row) => Row(item, row.Table, row.Reason, item.Line, item.Offset, JsonValue.Null);

    private static JsonValue Row(ItemText item, string table, string reason, long line, long offset, JsonValue path) => JsonValue.Object(
        (RejectedItem.TableNameColumn, JsonValue.String(table)),
        (RejectedItem.ReasonColumn, JsonValue.String(reason)),
        ("file", JsonValue.String(item.Source)),
        ("line", JsonValue.Integer(line)),
        ("byte", JsonValue.Integer(offset)),
        ("json_path", path),
        ("item", JsonValue.String(Text(item.Utf8))));

    /// <summary>Returns the text of the item, or its beginning when it is too long for a .NET string.</summary>
    private static string Text(ReadOnlySpan<byte> utf8) => utf8.Length <= TextLimit.MaxBytes
        ? Encoding.UTF8.GetString(utf8)
        : string.Create(CultureInfo.InvariantCulture, $"{Encoding.UTF8.GetString(utf8[..BeginningBytes])}… ({utf8.Length} bytes)");
}
