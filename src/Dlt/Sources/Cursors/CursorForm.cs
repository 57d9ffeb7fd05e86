using Dlt.Types;

namespace Dlt.Sources.Cursors;

/// <summary>Converts a bound from the configuration or from a scheduler to the form of a cursor's other bounds.</summary>
internal static class CursorForm
{
    /// <summary>Converts a value.</summary>
    /// <param name="value">Value to convert.</param>
    /// <param name="like">A value of the cursor, whose type and text form the result has; null to keep the value.</param>
    /// <returns>Null when the value cannot be converted.</returns>
    public static JsonValue? Convert(JsonValue value, JsonValue? like)
    {
        if (like is null || DataValue.FromJson(like) is not { } form || DataValue.FromJson(value) is not { } given) return value;
        if (form.Type == given.Type && form.Type != DataType.Timestamp) return value;
        return (form.Type, given.Type) switch
        {
            (DataType.Timestamp, _) => given.TryConvert(DataType.Timestamp, out var time)
                ? TypedJson.Encode(DataValue.Timestamp(WithAwareness(time.AsTimestamp, form.AsTimestamp.OffsetSeconds is not null)))
                : null,
            (DataType.Text, DataType.Timestamp or DataType.Date) => Text(given, form.AsText),
            (DataType.Date, DataType.Timestamp) => TypedJson.Encode(DataValue.Date(Timestamp.DayOf(given.AsTimestamp.WallMicros))),
            (DataType.Bigint, DataType.Timestamp) =>
                JsonValue.Integer((long)Math.Floor(given.AsTimestamp.UtcMicros / (double)Timestamp.MicrosPerSecond)),
            (DataType.Double, DataType.Timestamp) =>
                JsonValue.Real(given.AsTimestamp.UtcMicros / (double)Timestamp.MicrosPerSecond),
            _ => given.TryConvert(form.Type, out var converted) ? TypedJson.Encode(converted) : null,
        };
    }

    /// <summary>True when a value of the cursor is a date, or a text that names a day.</summary>
    public static bool IsDay(JsonValue? value) => value is not null && DataValue.FromJson(value) is { } typed
        && (typed.Type == DataType.Date || (typed.Type == DataType.Text && DateTimeFormat.Of(typed.AsText) is { IsDate: true }));

    /// <summary>True when a value of the cursor is a number.</summary>
    public static bool IsNumber(JsonValue? value) => value is not null
        && DataValue.FromJson(value)?.Type is DataType.Bigint or DataType.Double or DataType.Decimal or DataType.Wei;

    private static Timestamp WithAwareness(Timestamp time, bool isAware) => (isAware, time.OffsetSeconds) switch
    {
        (true, null) => time with { OffsetSeconds = 0 },
        (false, not null) => time with { OffsetSeconds = null },   // the wall time
        _ => time,
    };

    /// <summary>Writes a time in the form of another text; null when that text has no form of a date or time.</summary>
    private static JsonValue? Text(DataValue value, string like)
    {
        if (DateTimeFormat.Of(like) is not { } format) return null;
        value.TryConvert(DataType.Timestamp, out var converted);
        var time = converted.AsTimestamp;
        if (format.IsUtc) time = Timestamp.Utc(time.UtcMicros);
        return JsonValue.String(format.Write(time));
    }
}
