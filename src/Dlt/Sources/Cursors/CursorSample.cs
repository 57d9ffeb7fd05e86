using System.Text;
using Dlt.Items;
using Dlt.Types;

namespace Dlt.Sources.Cursors;

/// <summary>Kinds of cursor values that are compared without a conversion.</summary>
internal enum SampleKind : byte
{
    /// <summary>The item has no cursor value.</summary>
    Missing,

    /// <summary>An integer of 64 bits.</summary>
    Integer,

    /// <summary>A text in UTF-16 or UTF-8.</summary>
    Text,

    /// <summary>A date-time: microseconds in UTC. A time without offset is taken as UTC.</summary>
    Time,

    /// <summary>A date: days since 1970.</summary>
    Date,

    /// <summary>Any other value, held as JSON.</summary>
    Other,
}

/// <summary>The cursor value of one item, in the form in which the data has it.</summary>
internal readonly struct CursorSample
{
    private readonly object? _reference;
    private readonly int _offset;

    private CursorSample(SampleKind kind, long number, object? reference = null, ReadOnlyMemory<byte> utf8 = default, int offset = 0)
    {
        Kind = kind;
        Number = number;
        Utf8 = utf8;
        _reference = reference;
        _offset = offset;
    }

    /// <summary>Kind of the value.</summary>
    public SampleKind Kind { get; }

    /// <summary>Integer, microseconds in UTC, or days, by the kind.</summary>
    public long Number { get; }

    /// <summary>Text in UTF-8 if it was read as bytes.</summary>
    public ReadOnlyMemory<byte> Utf8 { get; }

    /// <summary>Text if it was read as characters; null otherwise.</summary>
    public string? Characters => _reference as string;

    /// <summary>True for a date-time without offset.</summary>
    public bool IsNaive => Kind == SampleKind.Time && _offset == int.MinValue;

    /// <summary>The sample of an integer.</summary>
    public static CursorSample Of(long value) => new(SampleKind.Integer, value);

    /// <summary>The sample of a text as items have it: it may be a typed value.</summary>
    public static CursorSample Of(string? value)
    {
        if (value is null) return default;
        return TypedJson.HasMarker(value) ? Of(TypedJson.Decode(value), JsonValue.String(value)) : new(SampleKind.Text, 0, value);
    }

    /// <summary>The sample of a plain text in UTF-8, without a type marker.</summary>
    public static CursorSample OfUtf8(ReadOnlyMemory<byte> value) => new(SampleKind.Text, 0, utf8: value);

    /// <summary>The sample of a date-time.</summary>
    public static CursorSample Of(Timestamp value) =>
        new(SampleKind.Time, value.UtcMicros, offset: value.OffsetSeconds ?? int.MinValue);

    /// <summary>The sample of a date-time with its offset.</summary>
    public static CursorSample Of(DateTimeOffset value) => Of(Timestamp.From(value));

    /// <summary>The sample of a date-time. One without a kind has no offset.</summary>
    public static CursorSample Of(DateTime value) => Of(Timestamp.From(value));

    /// <summary>The sample of a date.</summary>
    public static CursorSample Of(DateOnly value) => OfDay(value.DayNumber - new DateOnly(1970, 1, 1).DayNumber);

    /// <summary>The sample of a date.</summary>
    /// <param name="days">Days since 1970-01-01.</param>
    public static CursorSample OfDay(int days) => new(SampleKind.Date, days);

    /// <summary>The sample of a value of an item; null and the JSON null are no value.</summary>
    public static CursorSample Of(JsonValue? json)
    {
        if (json is null) return default;
        switch (json.Kind)
        {
            case JsonKind.Null:
                return default;
            case JsonKind.Integer when json.TryGetInt64(out var number):
                return Of(number);
            case JsonKind.String:
                return Of(json.AsString());
            default:
                return new(SampleKind.Other, 0, json);
        }
    }

    /// <summary>The sample of a property or of an entry of a dictionary.</summary>
    public static CursorSample OfObject(object? value) => value switch
    {
        null => default,
        long number => Of(number),
        int number => Of((long)number),
        string text => Of(text),
        DateTimeOffset time => Of(time),
        DateTime time => Of(time),
        DateOnly day => Of(day),
        _ => Of(ItemWriter.ToJson(value)),
    };

    /// <summary>The value with its dlt type.</summary>
    public DataValue ToValue() => Kind switch
    {
        SampleKind.Integer => DataValue.Bigint(Number),
        SampleKind.Text => DataValue.Text(Text),
        SampleKind.Time => DataValue.Timestamp(ToTimestamp()),
        SampleKind.Date => DataValue.Date((int)Number),
        _ => DataValue.FromJson((JsonValue)_reference!) ?? throw new InvalidOperationException("There is no cursor value."),
    };

    /// <summary>The value as the state stores it.</summary>
    public JsonValue ToJson() => Kind switch
    {
        SampleKind.Integer => JsonValue.Integer(Number),
        SampleKind.Text => JsonValue.String(Text),
        SampleKind.Other => (JsonValue)_reference!,
        _ => TypedJson.Encode(ToValue()),
    };

    private string Text => Characters ?? Encoding.UTF8.GetString(Utf8.Span);

    private Timestamp ToTimestamp() =>
        IsNaive ? new(Number, null) : new(Number + (_offset * Timestamp.MicrosPerSecond), _offset);

    private static CursorSample Of(DataValue value, JsonValue json) => value.Type switch
    {
        DataType.Timestamp => Of(value.AsTimestamp),
        DataType.Date => OfDay(value.AsDays),
        _ => new(SampleKind.Other, 0, json),
    };
}
