using System.Text.Json;

namespace Dlt.Sources.Rest;

/// <summary>
/// A body whose lists are not parsed: an object with all its members, in which each list has the right length but no values. Nearly all of
/// a page are records, and they are loaded as text.
/// </summary>
/// <param name="Root">The body. Elements of lists are null.</param>
/// <param name="Lists">The lists, each with its elements in <paramref name="Root"/> and its text.</param>
internal sealed record RestEnvelope(JsonValue Root, IReadOnlyList<(JsonValue List, ReadOnlyMemory<byte> Text)> Lists)
{
    private static readonly JsonReaderOptions Options = new() { MaxDepth = 512 };

    /// <summary>Reads a body.</summary>
    /// <param name="utf8">The body.</param>
    /// <param name="url">Its address, for errors.</param>
    /// <exception cref="JsonFormatException">The body is not JSON.</exception>
    public static RestEnvelope Parse(ReadOnlyMemory<byte> utf8, string url)
    {
        var lists = new List<(JsonValue List, ReadOnlyMemory<byte> Text)>();
        try
        {
            var reader = new Utf8JsonReader(utf8.Span, Options);
            reader.Read();
            var root = Value(ref reader, utf8, lists);
            while (reader.Read())
            {
                // The reader throws if anything follows the value.
            }

            return new(root, lists);
        }
        catch (JsonException)
        {
            return new(JsonValue.Parse(utf8.Span, url), []);   // throws, with the place
        }
    }

    /// <summary>Returns the text of a list that was found in <see cref="Root"/>; null for any other value.</summary>
    public ReadOnlyMemory<byte>? TextOf(System.Collections.Immutable.ImmutableArray<JsonValue> items)
    {
        foreach (var (list, text) in Lists)
            if (list.Items == items) return text;   // the same array, not an equal one
        return null;
    }

    private static JsonValue Value(ref Utf8JsonReader reader, ReadOnlyMemory<byte> utf8, List<(JsonValue, ReadOnlyMemory<byte>)> lists)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject:
                return Object(ref reader, utf8, lists);
            case JsonTokenType.StartArray:
                return List(ref reader, utf8, lists);
            default:
                var start = (int)reader.TokenStartIndex;
                return JsonValue.Parse(utf8.Span[start..(int)reader.BytesConsumed]);
        }
    }

    private static JsonValue Object(ref Utf8JsonReader reader, ReadOnlyMemory<byte> utf8, List<(JsonValue, ReadOnlyMemory<byte>)> lists)
    {
        var members = new List<KeyValuePair<string, JsonValue>>();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = Name(ref reader, utf8);
            reader.Read();
            members.Add(KeyValuePair.Create(name, Value(ref reader, utf8, lists)));
        }

        return JsonValue.Object(members);
    }

    /// <summary>Returns the name of a member. Lone surrogates are an error with its place, as in all JSON.</summary>
    private static string Name(ref Utf8JsonReader reader, ReadOnlyMemory<byte> utf8)
    {
        if (!reader.ValueIsEscaped) return System.Text.Encoding.UTF8.GetString(reader.ValueSpan);
        var start = (int)reader.TokenStartIndex;
        return JsonValue.Parse(utf8.Span.Slice(start, reader.ValueSpan.Length + 2)).AsString();
    }

    private static JsonValue List(ref Utf8JsonReader reader, ReadOnlyMemory<byte> utf8, List<(JsonValue, ReadOnlyMemory<byte>)> lists)
    {
        var start = (int)reader.TokenStartIndex;
        var count = 0;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            count++;
            reader.Skip();
        }

        if (count == 0) return JsonValue.EmptyArray;
        var list = JsonValue.Array([.. Enumerable.Repeat(JsonValue.Null, count)]);
        lists.Add((list, utf8[start..(int)reader.BytesConsumed]));
        return list;
    }
}
