using System.Globalization;

namespace Dlt.Batches.Building;

/// <summary>Puts .NET values into columns, each as what it would be as an item (docs/spec/pipeline.md 0.3).</summary>
internal static class ValueWriter
{
    private static readonly int UnixDay = DateOnly.FromDateTime(DateTime.UnixEpoch).DayNumber;

    /// <returns>False when the column holds values of another kind, or the value has no column form: lists, objects, integers beyond 64
    /// bits.</returns>
    public static bool TryWrite(ValueColumn column, object? value)
    {
        switch (value)
        {
            case null or DBNull: column.AppendNull(); return true;
            case string text: return column.TryAppend(text);
            case long number: return column.TryAppend(ValueKind.Integer, number);
            case int number: return column.TryAppend(ValueKind.Integer, number);
            case double number: return column.TryAppend(number);
            case bool flag: return Write(column, flag);
            case decimal number: return column.TryAppend(number);
            case DateTime time: return Write(column, time);
            case DateTimeOffset time: return Write(column, time);
            case DateOnly day: return Write(column, day);
            case TimeOnly time: return Write(column, time);
            case Guid id: return Write(column, id);
            case byte[] bytes: return column.TryAppend(ValueKind.Binary, bytes);
            case short number: return column.TryAppend(ValueKind.Integer, number);
            case byte number: return column.TryAppend(ValueKind.Integer, number);
            case sbyte number: return column.TryAppend(ValueKind.Integer, number);
            case ushort number: return column.TryAppend(ValueKind.Integer, number);
            case uint number: return column.TryAppend(ValueKind.Integer, number);
            case ulong number: return Write(column, number);
            case float number: return Write(column, number);
            case char character: return column.TryAppend([character]);
            case TimeSpan span: return Write(column, span);
            case Uri url: return column.TryAppend(url.OriginalString);
            default: return false;
        }
    }

    public static bool Write(ValueColumn column, bool value) => column.TryAppend(ValueKind.Bool, value ? 1 : 0);

    public static bool Write(ValueColumn column, ulong value) => value <= long.MaxValue && column.TryAppend(ValueKind.Integer, (long)value);

    /// <summary>The shortest digits count: 0.1f is 0.1.</summary>
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

    /// <summary>The text of the JSON serializer: <c>[-][d.]hh:mm:ss[.fffffff]</c>.</summary>
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

    private static long Micros(long ticks) => (ticks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond;
}
