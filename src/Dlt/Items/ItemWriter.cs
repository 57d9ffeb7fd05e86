using System.Buffers;
using System.Collections;
using System.Net;
using System.Net.NetworkInformation;
using System.Numerics;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Apache.Arrow;
using Dlt.Batches;
using Dlt.Json;
using Dlt.Types;
using JsonTokenType = System.Text.Json.JsonTokenType;

namespace Dlt.Extract;

/// <summary>Writes items as lines of UTF-8 JSON; values beyond JSON carry their type marker (spec/pipeline.md 0.3).</summary>
internal static class ItemWriter
{
    /// <summary>How objects become items.</summary>
    public static readonly JsonSerializerOptions Options = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        TypeInfoResolver = new DefaultJsonTypeInfoResolver(),
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        Converters =
        {
            new JsonStringEnumConverter(),
            new Marked<DateTimeOffset>(v => DataValue.Timestamp(Timestamp.From(v))),
            new Marked<DateTime>(v => DataValue.Timestamp(v.Kind switch
            {
                DateTimeKind.Utc => Timestamp.From(new DateTimeOffset(v, TimeSpan.Zero)),
                DateTimeKind.Local => Timestamp.From(new DateTimeOffset(v)),
                _ => Timestamp.From(new DateTimeOffset(v, TimeSpan.Zero)) with { OffsetSeconds = null },
            })),
            new Marked<DateOnly>(v => DataValue.Date(v.DayNumber - new DateOnly(1970, 1, 1).DayNumber)),
            new Marked<TimeOnly>(v => DataValue.Time(v.Ticks / TimeSpan.TicksPerMicrosecond)),
            new Marked<decimal>(Decimal),
            new Marked<byte[]>(DataValue.Binary),
            new Marked<BigInteger>(v => DataValue.Bigint(v)),
            new OwnText<IPAddress>(v => v.ToString()),
            new OwnText<IPEndPoint>(v => v.ToString()),
            new OwnText<IPNetwork>(v => v.ToString()),
            new OwnText<PhysicalAddress>(Sources.Sql.ProviderText.Of),
            new Finite(),
            new Whole(),
            new NoValue(),
            new OwnJson(),
        },
    };

    /// <summary>Hands out the items of a page one by one; a single item is a page of one.</summary>
    public static IEnumerable<object?> ItemsOf(object? page) => page switch
    {
        null => [null],
        HintedItem hinted => HintsChange.Open(hinted),
        string or IDictionary or JsonValue { Kind: not JsonKind.Array } or TableItem or RawJson or RecordBatch or ItemBatch or EmptyTable
            or HintsChange or byte[] => [page],
        JsonValue array => array.Items,
        JsonElement { ValueKind: JsonValueKind.Array } element => element.EnumerateArray().Select(e => (object?)e),
        IEnumerable<KeyValuePair<string, object?>> => [page],
        IEnumerable list when page.GetType() is var type && IsList(type) => Elements(list),
        _ => [page],
    };

    private static IEnumerable<object?> Elements(IEnumerable list)
    {
        foreach (var item in list)
        {
            if (item is HintedItem hinted)
                foreach (var part in HintsChange.Open(hinted)) yield return part;
            else yield return item;
        }
    }

    /// <summary>Writes one item as one line without its end.</summary>
    public static void Write(IBufferWriter<byte> output, object? item)
    {
        switch (item)
        {
            case null:
                output.Write("null"u8);
                break;
            case JsonValue json:
                output.Write(JsonText.WriteUtf8(json));
                break;
            default:
                using (var writer = new Utf8JsonWriter(
                    output, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true }))
                    JsonSerializer.Serialize(writer, item, item.GetType(), Options);
                break;
        }
    }

    /// <summary>An item as it will be read back; null for null.</summary>
    public static JsonValue? ToJson(object? item)
    {
        if (item is null or JsonValue) return item as JsonValue;
        return JsonParser.Parse(ToText(item));
    }

    /// <summary>An item as JSON text in UTF-8.</summary>
    public static byte[] ToText(object? item)
    {
        var buffer = new ArrayBufferWriter<byte>();
        Write(buffer, item);
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>An item, or the items of a raw document, as they will be read back.</summary>
    public static IEnumerable<JsonValue> ToJsonItems(object? item) => item switch
    {
        RawJson raw => Split(raw).Select(line => JsonParser.Parse(line.Span, raw.Origin)),
        ItemBatch batch => BatchRows.ToItems(batch.Rows),
        _ => [ToJson(item) ?? JsonValue.Null],
    };

    /// <summary>Splits a JSON document into items, each on one line.</summary>
    /// <exception cref="JsonFormatException">The document is not JSON; names origin and place.</exception>
    public static IEnumerable<ReadOnlyMemory<byte>> Split(RawJson raw)
    {
        if (raw.Utf8.Span.TrimStart(" \t\r\n"u8) is not [(byte)'[', ..])
        {
            JsonParser.Parse(raw.Utf8.Span, raw.Origin);
            return [OneLine(raw.Utf8)];
        }

        var items = new List<ReadOnlyMemory<byte>>();
        try
        {
            var reader = new Utf8JsonReader(raw.Utf8.Span, new JsonReaderOptions { MaxDepth = JsonParser.MaxDepth });
            reader.Read();
            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            {
                var start = (int)reader.TokenStartIndex;
                reader.Skip();
                items.Add(OneLine(raw.Utf8[start..(int)reader.BytesConsumed]));
            }

            while (reader.Read())
            {
                // Whatever follows the array is refused by the reader.
            }
        }
        catch (JsonException)
        {
            JsonParser.Parse(raw.Utf8.Span, raw.Origin);   // throws, with the place
            throw;
        }

        return items;
    }

    /// <summary>Line ends can only stand between the tokens of valid JSON, so blanks may take their place.</summary>
    private static ReadOnlyMemory<byte> OneLine(ReadOnlyMemory<byte> json)
    {
        if (json.Span.IndexOfAny((byte)'\n', (byte)'\r') < 0) return json;
        var copy = json.ToArray();
        foreach (ref var b in copy.AsSpan())
            if (b is (byte)'\n' or (byte)'\r') b = (byte)' ';
        return copy;
    }

    private static bool IsList(Type type) =>
        type.IsArray || !type.GetProperties().Any(p => p.GetIndexParameters().Length == 0
        && p.Name is not ("Count" or "Length" or "Capacity"
        or "IsReadOnly" or "IsSynchronized" or "SyncRoot" or "IsFixedSize" or "IsEmpty" or "IsDefault" or "IsDefaultOrEmpty"
        or "Comparer"));

    private static DataValue Decimal(decimal value)
    {
        BigDecimal.TryParse(value.ToString(System.Globalization.CultureInfo.InvariantCulture), out var parsed);
        return DataValue.Decimal(parsed);
    }

    private sealed class Marked<T>(Func<T, DataValue> toValue) : JsonConverter<T>
    {
        public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            throw new NotSupportedException("Items are only written.");

        public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options)
        {
            var json = TypedJson.Encode(toValue(value));
            if (json.Kind == JsonKind.String) writer.WriteStringValue(json.AsString());
            else writer.WriteRawValue(JsonText.Write(json));
        }
    }

    /// <summary>A value that is a text, where the serializer would look at its properties, some of which throw.</summary>
    private sealed class OwnText<T>(Func<T, string> toText) : JsonConverter<T>
    {
        public override bool CanConvert(Type typeToConvert) => typeToConvert.IsAssignableTo(typeof(T));

        public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            throw new NotSupportedException("Items are only written.");

        public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => writer.WriteStringValue(toText(value));
    }

    /// <summary>A double that keeps its point (1.0 stays a real), and null for NaN and infinities.</summary>
    private sealed class Finite : JsonConverter<double>
    {
        public override double Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            throw new NotSupportedException("Items are only written.");

        public override void Write(Utf8JsonWriter writer, double value, JsonSerializerOptions options) =>
            writer.WriteRawValue(JsonText.FormatDouble(value));
    }

    /// <summary>A text, or the key of a dictionary, that is refused when it has half of a character.</summary>
    private sealed class Whole : JsonConverter<string>
    {
        public override string Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            throw new NotSupportedException("Items are only written.");

        public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options)
        {
            WholeText.Check(value);
            writer.WriteStringValue(value);
        }

        public override void WriteAsPropertyName(Utf8JsonWriter writer, string value, JsonSerializerOptions options)
        {
            WholeText.Check(value);
            writer.WritePropertyName(value);
        }
    }

    private sealed class NoValue : JsonConverter<DBNull>
    {
        public override DBNull Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            throw new NotSupportedException("Items are only written.");

        public override void Write(Utf8JsonWriter writer, DBNull value, JsonSerializerOptions options) => writer.WriteNullValue();
    }

    /// <summary>A JSON value as it is.</summary>
    internal sealed class OwnJson : JsonConverter<JsonValue>
    {
        public override JsonValue Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            throw new NotSupportedException("Items are only written.");

        public override void Write(Utf8JsonWriter writer, JsonValue value, JsonSerializerOptions options) =>
            writer.WriteRawValue(JsonText.WriteUtf8(value));
    }
}
