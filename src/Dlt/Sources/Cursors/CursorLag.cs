using System.Numerics;
using Dlt.Json;
using Dlt.Types;

namespace Dlt.Sources.Cursors;

/// <summary>Takes the lag off the last value of earlier runs, to load late items again (spec/pipeline.md 8.5).</summary>
internal static class CursorLag
{
    /// <param name="last">Last value, as it stands in the state.</param>
    /// <param name="initial">Initial value: the result does not go beyond it, and its form says whether the lag counts days.</param>
    /// <param name="lag">Seconds, days or a number.</param>
    /// <param name="isMax">True: the lag is taken off; false: it is added.</param>
    /// <exception cref="FormatException">The value has nothing that a lag can be taken off.</exception>
    public static JsonValue Apply(JsonValue last, JsonValue? initial, double lag, bool isMax)
    {
        var lagged = Shift(last, initial, isMax ? -lag : lag, isMax);
        if (initial is null || DataValue.FromJson(initial) is not { } bound || DataValue.FromJson(lagged) is not { } value) return lagged;
        var order = CursorValue.Compare(value, bound);
        return (isMax ? order < 0 : order > 0) ? initial : lagged;
    }

    private static JsonValue Shift(JsonValue last, JsonValue? initial, double by, bool isMax)
    {
        var value = DataValue.FromJson(last)!.Value;
        switch (value.Type)
        {
            case DataType.Bigint:
                return JsonValue.Integer(by == Math.Floor(by)
                    ? value.AsInteger + new BigInteger(by)
                    : (BigInteger)((double)value.AsInteger + by));
            case DataType.Double:
                return JsonValue.Real(value.AsDouble + by);
            case DataType.Date:
                return TypedJson.Encode(DataValue.Date(value.AsDays + (int)by));
            case DataType.Timestamp:
                return TypedJson.Encode(DataValue.Timestamp(Shift(value.AsTimestamp, IsDate(initial), by, isMax)));
            case DataType.Text when DateTimeFormat.Of(value.AsText) is { } format && format.TryParse(value.AsText, out var time):
                var countsDays = format.IsDate || IsDate(initial);
                return JsonValue.String(format.Write(format.IsDate ? ShiftDays(time, by) : Shift(time, countsDays, by, isMax)));
            default:
                throw new FormatException($"a lag cannot be taken off '{value}', which is no number, date or time in an ISO form.");
        }
    }

    /// <summary>Days off a date-time: the first instant of that day, or the last one for the smallest value.</summary>
    private static Timestamp Shift(Timestamp time, bool countsDays, double by, bool isMax)
    {
        if (!countsDays) return time with { WallMicros = time.WallMicros + (long)Math.Round(by * Timestamp.MicrosPerSecond) };
        var moved = ShiftDays(time, by);
        var day = Timestamp.DayOf(moved.WallMicros) * Timestamp.MicrosPerDay;
        return moved with { WallMicros = isMax ? day : day + Timestamp.MicrosPerDay - 1 };
    }

    private static Timestamp ShiftDays(Timestamp time, double days) =>
        time with { WallMicros = time.WallMicros + ((long)days * Timestamp.MicrosPerDay) };

    private static bool IsDate(JsonValue? initial) =>
        initial is not null && DataValue.FromJson(initial) is { } value
        && (value.Type == DataType.Date || (value.Type == DataType.Text && DateTimeFormat.Of(value.AsText) is { IsDate: true }));
}
