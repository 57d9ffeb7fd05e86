using System.Numerics;
using Dlt.Types;

namespace Dlt.Sources.Cursors;

/// <summary>
/// Subtracts the lag from the last value of earlier runs, so that late items are loaded again (docs/spec/pipeline.md 8.5).
/// </summary>
internal static class CursorLag
{
    /// <summary>Returns the value at which the run begins.</summary>
    /// <param name="last">Last value, as stored in the state.</param>
    /// <param name="initial">Initial value. It limits the result, and its form determines whether the lag counts whole days.</param>
    /// <param name="settings">Lag and direction: the lag is subtracted from the largest value, and added to the smallest one.</param>
    /// <exception cref="FormatException">The lag does not apply to the type of the value.</exception>
    public static JsonValue Apply(JsonValue last, JsonValue? initial, Incremental settings)
    {
        var isMax = settings.LastValueFunc == LastValueFunc.Max;
        var lagged = Shift(last, initial, settings, isMax);
        if (initial is null || DataValue.FromJson(initial) is not { } bound || DataValue.FromJson(lagged) is not { } value) return lagged;
        var order = CursorValue.Compare(value, bound);
        return (isMax ? order < 0 : order > 0) ? initial : lagged;
    }

    private static JsonValue Shift(JsonValue last, JsonValue? initial, Incremental settings, bool isMax)
    {
        var value = DataValue.FromJson(last)!.Value;
        switch (value.Type)
        {
            case DataType.Bigint:
                var by = Number(settings, value, isMax);
                var isWhole = by == Math.Floor(by);
                return JsonValue.Integer(isWhole ? value.AsInteger + new BigInteger(by) : (BigInteger)((double)value.AsInteger + by));
            case DataType.Decimal or DataType.Wei when value.AsDecimal.IsFinite:
                var sum = Sum(value.AsDecimal, BigDecimal.FromDouble(Number(settings, value, isMax)));
                return TypedJson.Encode(value.Type == DataType.Wei ? DataValue.Wei(sum) : DataValue.Decimal(sum));
            case DataType.Double:
                return JsonValue.Real(value.AsDouble + Number(settings, value, isMax));
            case DataType.Date:
                return TypedJson.Encode(DataValue.Date(value.AsDays + Span(settings, value, isMax, countsDays: true).Days));
            case DataType.Timestamp:
                var countsDays = IsDate(initial);
                var lagged = Shift(value.AsTimestamp, countsDays, Span(settings, value, isMax, countsDays), isMax);
                return TypedJson.Encode(DataValue.Timestamp(lagged));
            case DataType.Text when DateTimeFormat.Of(value.AsText) is { } format && format.TryParse(value.AsText, out var time):
                var span = Span(settings, value, isMax, format.IsDate || IsDate(initial));
                var shifted = format.IsDate ? ShiftDays(time, span) : Shift(time, IsDate(initial), span, isMax);
                return JsonValue.String(format.Write(shifted));
            default:
                throw new FormatException(
                    $"a lag cannot be subtracted from '{value}', which is not a number, a date or a time in an ISO form.");
        }
    }

    private static BigDecimal Sum(BigDecimal left, BigDecimal right)
    {
        var exponent = Math.Min(left.Exponent, right.Exponent);
        var sum = Scaled(left, exponent) + Scaled(right, exponent);
        return new(BigInteger.Abs(sum), exponent, sum.Sign < 0);
    }

    private static BigInteger Scaled(BigDecimal value, int exponent)
    {
        var digits = value.Digits * BigInteger.Pow(10, value.Exponent - exponent);
        return value.IsNegative ? -digits : digits;
    }

    private static double Number(Incremental settings, DataValue value, bool isMax) =>
        (settings.NumericLag ?? settings.PlainLag) is { } lag
        ? (isMax ? -lag : lag)
        : throw new FormatException($"its Lag is a time span, but its last value {value} is a number. Set NumericLag instead.");

    private static TimeSpan Span(Incremental settings, DataValue value, bool isMax, bool countsDays) =>
        (settings.Lag ?? settings.PlainLag * (countsDays ? TimeSpan.FromDays(1) : TimeSpan.FromSeconds(1))) is { } lag
        ? (isMax ? -lag : lag)
        : throw new FormatException($"its NumericLag is a number, but its last value '{value}' is a date or a time. Set Lag instead.");

    /// <summary>
    /// Shifts a date-time. If the lag counts days, the result is the first instant of the day, or the last one in the direction of the
    /// smallest value.
    /// </summary>
    private static Timestamp Shift(Timestamp time, bool countsDays, TimeSpan by, bool isMax)
    {
        if (!countsDays) return time with { WallMicros = time.WallMicros + (by.Ticks / TimeSpan.TicksPerMicrosecond) };
        var moved = ShiftDays(time, by);
        var day = Timestamp.DayOf(moved.WallMicros) * Timestamp.MicrosPerDay;
        return moved with { WallMicros = isMax ? day : day + Timestamp.MicrosPerDay - 1 };
    }

    private static Timestamp ShiftDays(Timestamp time, TimeSpan by) =>
        time with { WallMicros = time.WallMicros + (by.Days * Timestamp.MicrosPerDay) };

    private static bool IsDate(JsonValue? initial) =>
        initial is not null && DataValue.FromJson(initial) is { } value
        && (value.Type == DataType.Date || (value.Type == DataType.Text && DateTimeFormat.Of(value.AsText) is { IsDate: true }));
}
