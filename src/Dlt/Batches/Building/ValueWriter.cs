using System.Globalization;

namespace Dlt.Batches.Building;

/// <summary>Writes .NET values into columns, with the same meaning as in items (docs/spec/pipeline.md 0.3).</summary>
internal static class ValueWriter
{
    private static readonly int UnixDay = DateOnly.FromDateTime(DateTime.UnixEpoch).DayNumber;

    /// <summary>Writes a value of any type.</summary>
    /// <returns>
    /// False when the column holds values of another kind, or columns do not support the value: lists, objects, integers beyond 64 bits.
    /// </returns>
    public static bool TryWrite(ValueColumn column, object? value)
    {
        switch (value)
        {
            case null or DBNull:
                column.AppendNull();
                return true;
            case string text:
                return column.TryAppend(text);
            case long number:
                return column.TryAppend(ValueKind.Integer, number);
            case int number:
                return column.TryAppend(ValueKind.Integer, number);
            case double number:
                return column.TryAppend(number);
            case bool flag:
                return Write(column, flag);
            case decimal number:
                return column.TryAppend(number);
            case DateTime time:
                return Write(column, time);
            case DateTimeOffset time:
                return Write(column, time);
            case DateOnly day:
                return Write(column, day);
            case TimeOnly time:
                return Write(column, time);
            case Guid id:
                return Write(column, id);
            case byte[] bytes:
                return column.TryAppend(ValueKind.Binary, bytes);
            case char character:
                return column.TryAppend([character]);
            case TimeSpan span:
                return Write(column, span);
            case Uri url:
                return column.TryAppend(url.OriginalString);
            default:
                return TryWriteNumber(column, value);
        }
    }

    public static bool Write(ValueColumn column, bool value) => column.TryAppend(ValueKind.Bool, value ? 1 : 0);

    public static bool Write(ValueColumn column, ulong value) => value <= long.MaxValue && column.TryAppend(ValueKind.Integer, (long)value);

    /// <summary>Writes the shortest decimal representation, so 0.1f becomes 0.1.</summary>
    public static bool Write(ValueColumn column, float value) =>
        column.TryAppend(float.IsFinite(value)
            ? double.Parse(value.ToString("R", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture)
            : double.NaN);

    public static bool Write(ValueColumn column, DateTimeOffset value) => column.TryAppend(ValueKind.Instant, Micros(value.UtcTicks));

    public static bool Write(ValueColumn column, DateTime value) => value.Kind == DateTimeKind.Unspecified
        ? column.TryAppend(ValueKind.NaiveTime, Micros(value.Ticks))
        : column.TryAppend(ValueKind.Instant, Micros(value.ToUniversalTime().Ticks));

    public static bool Write(ValueColumn column, DateOnly value) => column.TryAppend(ValueKind.Date, value.DayNumber - UnixDay);

    public static bool Write(ValueColumn column, TimeOnly value) =>
        column.TryAppend(ValueKind.Time, value.Ticks / TimeSpan.TicksPerMicrosecond);

    /// <summary>Writes the text of the JSON serializer: <c>[-][d.]hh:mm:ss[.fffffff]</c>.</summary>
    public static bool Write(ValueColumn column, TimeSpan value)
    {
        Span<byte> text = stackalloc byte[32];
        value.TryFormat(text, out var length, "c", CultureInfo.InvariantCulture);
        return column.TryAppend(ValueKind.Text, text[..length]);
    }

    public static bool Write(ValueColumn column, Guid value)
    {
        Span<byte> text = stackalloc byte[36];
        value.TryFormat(text, out _);
        return column.TryAppend(ValueKind.Text, text);
    }

    /// <summary>Writes a number of one of the less common types.</summary>
    private static bool TryWriteNumber(ValueColumn column, object value) => value switch
    {
        short number => column.TryAppend(ValueKind.Integer, number),
        byte number => column.TryAppend(ValueKind.Integer, number),
        sbyte number => column.TryAppend(ValueKind.Integer, number),
        ushort number => column.TryAppend(ValueKind.Integer, number),
        uint number => column.TryAppend(ValueKind.Integer, number),
        ulong number => Write(column, number),
        float number => Write(column, number),
        _ => false,
    };

    private static long Micros(long ticks) => (ticks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond;
}
