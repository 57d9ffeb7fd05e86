using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using Dlt.Items;
using Dlt.Json;
using JsonTokenType = System.Text.Json.JsonTokenType;

namespace Dlt.Sources.Cursors;

/// <summary>
/// Filters the items of one document of JSON text with a cursor. If the cursor's path is a field, its value is read while the document is
/// split, and no item is parsed as a whole.
/// </summary>
internal sealed class CursorJson : IBorderItems
{
    private const byte MarkerByte = 0xEF;   // first byte of every type marker in UTF-8

    private readonly IncrementalCursor _cursor;
    private readonly RawJson _raw;
    private readonly byte[]? _field;
    private readonly List<ReadOnlyMemory<byte>> _lines = [];

    private CursorJson(IncrementalCursor cursor, RawJson raw)
    {
        _cursor = cursor;
        _raw = raw;
        _field = cursor.Path.Field is { } field ? Encoding.UTF8.GetBytes(field) : null;
    }

    /// <summary>Returns the items of a document that the run loads.</summary>
    /// <exception cref="JsonFormatException">The document is not valid JSON.</exception>
    /// <exception cref="IncrementalException">An item has no cursor value, or one that cannot be compared.</exception>
    public static SplitJson Filter(IncrementalCursor cursor, RawJson raw)
    {
        var items = new CursorJson(cursor, raw);
        if (items._field is null || !RawJsonLines.IsArray(raw)) items.Parse();
        else items.Scan();
        return new(raw, items._lines);
    }

    public JsonValue Identity(int row) => _cursor.Hashed(JsonParser.Parse(_lines[row].Span, _raw.Origin));

    private void Parse()
    {
        foreach (var line in RawJsonLines.Of(_raw))
            Add(line, CursorSample.Of(_cursor.Path.FirstIn(JsonParser.Parse(line.Span, _raw.Origin))));
    }

    private void Scan()
    {
        try
        {
            var reader = new Utf8JsonReader(_raw.Utf8.Span, RawJsonLines.Options);
            reader.Read();
            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            {
                var start = (int)reader.TokenStartIndex;
                var sample = SampleIn(ref reader);
                Add(RawJsonLines.OneLine(_raw.Utf8[start..(int)reader.BytesConsumed]), sample);
            }

            while (reader.Read())
            {
                // The reader throws if anything follows the array.
            }
        }
        catch (JsonException)
        {
            JsonParser.Parse(_raw.Utf8.Span, _raw.Origin);   // throws, with the place
            throw;
        }
    }

    private void Add(ReadOnlyMemory<byte> line, in CursorSample sample)
    {
        _lines.Add(line);
        if (!_cursor.Takes(sample, this, _lines.Count - 1)) _lines.RemoveAt(_lines.Count - 1);
    }

    /// <summary>Reads an item to its end. For equal names the last value counts, as in a parsed item.</summary>
    private CursorSample SampleIn(ref Utf8JsonReader reader)
    {
        var sample = default(CursorSample);
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return sample;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (!reader.ValueTextEquals(_field))
            {
                reader.Skip();
                continue;
            }

            reader.Read();
            sample = ValueAt(ref reader);
        }

        return sample;
    }

    private CursorSample ValueAt(ref Utf8JsonReader reader)
    {
        var start = (int)reader.TokenStartIndex;
        switch (reader.TokenType)
        {
            case JsonTokenType.Null:
                return default;
            case JsonTokenType.Number when Utf8Parser.TryParse(reader.ValueSpan, out long number, out var read)
                && read == reader.ValueSpan.Length:
                return CursorSample.Of(number);
            case JsonTokenType.String when !reader.ValueIsEscaped && reader.ValueSpan is not [MarkerByte, ..]:
                return CursorSample.OfUtf8(_raw.Utf8.Slice(start + 1, reader.ValueSpan.Length));
            default:
                reader.Skip();
                return CursorSample.Of(JsonParser.Parse(_raw.Utf8.Span[start..(int)reader.BytesConsumed], _raw.Origin));
        }
    }
}
