using System.Buffers;
using System.Globalization;
using System.Net.NetworkInformation;
using System.Net;
using System.Numerics;
using System.Text.Encodings.Web;
using System.Text.Json.Serialization.Metadata;
using System.Text.Json.Serialization;
using System.Text.Json;
using Dlt.Json;

namespace Dlt.Items;

/// <summary>Writes items as lines of UTF-8 JSON. Values without a JSON type have a type marker (docs/spec/pipeline.md 0.3).</summary>
internal static class ItemWriter
{
    /// <summary>Serializer options for converting objects to items.</summary>
    public static readonly JsonSerializerOptions Options = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        TypeInfoResolver = new DefaultJsonTypeInfoResolver { Modifiers = { NamelessValues.Refuse } },
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        Converters =
        {
            new JsonStringEnumConverter(),
            new MarkedConverter<DateTimeOffset>(v => DataValue.Timestamp(Timestamp.From(v))),
            new MarkedConverter<DateTime>(v => DataValue.Timestamp(Timestamp.From(v))),
            new MarkedConverter<DateOnly>(v => DataValue.Date(v.DayNumber - new DateOnly(1970, 1, 1).DayNumber)),
            new MarkedConverter<TimeOnly>(v => DataValue.Time(v.Ticks / TimeSpan.TicksPerMicrosecond)),
            new MarkedConverter<decimal>(Decimal),
            new MarkedConverter<byte[]>(DataValue.Binary),
            new MarkedConverter<BigInteger>(v => DataValue.Bigint(v)),
            new OwnTextConverter<IPAddress>(v => v.ToString()),
            new OwnTextConverter<IPEndPoint>(v => v.ToString()),
            new OwnTextConverter<IPNetwork>(v => v.ToString()),
            new OwnTextConverter<PhysicalAddress>(ProviderText.Of),
            new FiniteConverter(),
            new WholeTextConverter(),
            new NoValueConverter(),
            new JsonValueConverter(),
        },
    };

    private static readonly JsonWriterOptions WriterOptions = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        SkipValidation = true,
    };

    /// <summary>Writes one item as one line, without the line end.</summary>
    public static void Write(IBufferWriter<byte> output, object? item)
    {
        switch (item)
        {
            case null:
                output.Write("null"u8);
                break;
            case JsonValue json:
                output.Write(JsonText.WriteExact(json));
                break;
            default:
                using (var writer = new Utf8JsonWriter(output, WriterOptions))
                    JsonSerializer.Serialize(writer, item, item.GetType(), Options);
                break;
        }
    }

    /// <summary>Returns an item as JSON, as normalization will read it; null for null.</summary>
    public static JsonValue? ToJson(object? item)
    {
        if (item is null or JsonValue) return item as JsonValue;
        return JsonParser.Parse(ToText(item));
    }

    /// <summary>Returns an item as JSON text in UTF-8.</summary>
    public static byte[] ToText(object? item)
    {
        var buffer = new ArrayBufferWriter<byte>();
        Write(buffer, item);
        return buffer.WrittenSpan.ToArray();
    }

    private static DataValue Decimal(decimal value)
    {
        BigDecimal.TryParse(value.ToString(CultureInfo.InvariantCulture), out var parsed);
        return DataValue.Decimal(parsed);
    }
}
