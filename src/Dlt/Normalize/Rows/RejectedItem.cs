using System.Text;
using Dlt.Json;

namespace Dlt.Normalize.Rows;

/// <summary>An item that could not become a row, as a row of <c>_dlt_rejected</c>.</summary>
internal static class RejectedItem
{
    public const string Table = "_dlt_rejected";

    public static JsonValue Of(ReadOnlySpan<byte> text, string table, string source, long offset, long line, DltException error)
    {
        var place = error as JsonFormatException;
        return JsonValue.Object(
            ("table_name", JsonValue.String(table)),
            ("reason", JsonValue.String(place?.Reason ?? error.Message)),
            ("file", JsonValue.String(source)),
            ("line", JsonValue.Integer(place?.Line ?? line)),
            ("byte", JsonValue.Integer(place?.ByteOffset ?? offset)),
            ("json_path", place is null ? JsonValue.Null : JsonValue.String(place.Path)),
            ("item", JsonValue.String(Encoding.UTF8.GetString(text))));
    }
}
