using System.Numerics;
using Dlt.Json;
using Dlt.Types;

namespace Dlt.Sources.Cursors;

/// <summary>Takes the lag off the last value of earlier runs, to load late items again (docs/spec/pipeline.md 8.5).</summary>
internal static class CursorLag
{
    /// <param name="last">Last value, as it stands in the state.</param>
    /// <param name="initial">Initial value: the result does not go beyond it, and its form says whether the lag counts whole days.</param>
    /// <param name="settings">The lag, and the direction: it is taken off for the largest value, and added for the smallest one.</param>
    /// <exception cref="FormatException">The value has nothing that such a lag can be taken off.</exception>
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
                return JsonValue.Integer(by == Math.Floor(by)
                    ? value.AsInteger + new BigInteger(by)
                    : (BigInteger)((double)value.AsInteger + by));
            case DataType.Double:
                return JsonValue.Real(value.AsDouble + Number(settings, value, isMax));
            case DataType.Date:
                return TypedJson.Encode(DataValue.Date(value.AsDays + Span(settings, value, isMax).Days));
            case DataType.Timestamp:
                return TypedJson.Encode(
                    DataValue.Timestamp(Shift(value.AsTimestamp, IsDate(initial), Span(settings, value, isMax), isMax)));
            case DataType.Text when DateTimeFormat.Of(value.AsText) is { } format && format.TryParse(value.AsText, out var time):
                var span = Span(settings, value, isMax);
                return JsonValue.String(format.Write(
                    format.IsDate ? ShiftDays(time, span) : Shift(time, IsDate(initial), span, isMax)));
            default:
                throw new FormatException($"a lag cannot be taken off '{value}', which is not a number, a date or a time in an ISO form.");
        }
    }

    private static double Number(Incremental settings, DataValue value, bool isMax) => settings.NumericLag is { } lag
        ? (isMax ? -lag : lag)
        : throw new FormatException($"its Lag is a span of time, and its last value {value} is a number. Set NumericLag instead.");

    private static TimeSpan Span(Incremental settings, DataValue value, bool isMax) => settings.Lag is { } lag
        ? (isMax ? -lag : lag)
        : throw new FormatException($"its NumericLag is a number, and its last value '{value}' is a date or a time. Set Lag instead.");

    /// <summary>Days off a date-time: the first instant of that day, or the last one for the smallest value.</summary>
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
