using System.Text.Json;
using Dlt.Json;
using JsonTokenType = System.Text.Json.JsonTokenType;

namespace Dlt.Items;

/// <summary>Splits JSON documents into items of one line each.</summary>
internal static class RawJsonLines
{
    /// <summary>Options of a reader that splits a document.</summary>
    public static JsonReaderOptions Options { get; } = new() { MaxDepth = JsonParser.MaxDepth };

    /// <summary>Returns whether a document is an array, or begins like one.</summary>
    public static bool IsArray(RawJson raw) => raw.Utf8.Span.TrimStart(" \t\r\n"u8) is [(byte)'[', ..];

    /// <summary>Returns the elements of an array, or the document itself.</summary>
    /// <exception cref="JsonFormatException">The document is not valid JSON. The message names its origin and the position.</exception>
    public static IEnumerable<ReadOnlyMemory<byte>> Of(RawJson raw)
    {
        if (!IsArray(raw))
        {
            JsonParser.Parse(raw.Utf8.Span, raw.Origin);
            return [OneLine(raw.Utf8)];
        }

        var items = new List<ReadOnlyMemory<byte>>();
        try
        {
            var reader = new Utf8JsonReader(raw.Utf8.Span, Options);
            reader.Read();
            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            {
                var start = (int)reader.TokenStartIndex;
                reader.Skip();
                items.Add(OneLine(raw.Utf8[start..(int)reader.BytesConsumed]));
            }

            while (reader.Read())
            {
                // The reader throws if anything follows the array.
            }
        }
        catch (JsonException)
        {
            JsonParser.Parse(raw.Utf8.Span, raw.Origin);   // throws, with the place
            throw;
        }

        return items;
    }

    /// <summary>Replaces line ends with blanks. In valid JSON they occur only between tokens.</summary>
    public static ReadOnlyMemory<byte> OneLine(ReadOnlyMemory<byte> json)
    {
        if (json.Span.IndexOfAny((byte)'\n', (byte)'\r') < 0) return json;
        var copy = json.ToArray();
        foreach (ref var b in copy.AsSpan())
            if (b is (byte)'\n' or (byte)'\r') b = (byte)' ';
        return copy;
    }
}
