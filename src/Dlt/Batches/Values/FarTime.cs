using System.Globalization;

namespace Dlt.Batches.Values;

/// <summary>
/// Formats dates and timestamps outside the years 1 to 9999, which columns cannot hold, in ISO 8601 with a signed year, such as
/// <c>-0043-03-15</c> for 44 BC.
/// </summary>
internal static class FarTime
{
    private const long MicrosPerSecond = 1_000_000;
    private const int DaysOfFourCenturies = 146_097;
    private const int DaysFromMarchOfYear0 = 719_468;   // to 1970-01-01

    /// <summary>Formats a date or timestamp; a time out of range is written as its number of microseconds.</summary>
    /// <param name="type">Type of the value: date, timestamp or time.</param>
    /// <param name="value">Days or microseconds since 1970.</param>
    /// <param name="isNaive">True for a timestamp without time zone.</param>
    public static string Text(DataType type, long value, bool isNaive)
    {
        if (type == DataType.Time) return value.ToString(CultureInfo.InvariantCulture);
        if (type == DataType.Date) return Date(value);
        var days = Math.DivRem(value, Timestamp.MicrosPerDay, out var micros);
        if (micros < 0) (days, micros) = (days - 1, micros + Timestamp.MicrosPerDay);
        var time = TimeSpan.FromMicroseconds(micros);
        var fraction = micros % MicrosPerSecond == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $".{micros % MicrosPerSecond:D6}");
        return string.Create(CultureInfo.InvariantCulture, $"{Date(days)}T{time:hh\\:mm\\:ss}{fraction}{(isNaive ? "" : "+00:00")}");
    }

    /// <summary>
    /// Formats a date. Its computation starts years in March, so the leap day is the last day of a year and all months before it have fixed
    /// lengths.
    /// </summary>
    private static string Date(long daysSince1970)
    {
        var days = daysSince1970 + DaysFromMarchOfYear0;
        var era = Math.DivRem(days, DaysOfFourCenturies, out var ofEra);
        if (ofEra < 0) (era, ofEra) = (era - 1, ofEra + DaysOfFourCenturies);
        var yearOfEra = (ofEra - ofEra / 1460 + ofEra / 36_524 - ofEra / 146_096) / 365;
        var ofYear = ofEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100);
        var fromMarch = (5 * ofYear + 2) / 153;
        var day = ofYear - (153 * fromMarch + 2) / 5 + 1;
        var month = fromMarch < 10 ? fromMarch + 3 : fromMarch - 9;
        var year = era * 400 + yearOfEra + (month <= 2 ? 1 : 0);
        return string.Create(CultureInfo.InvariantCulture,
            $"{(year < 0 ? "-" : year > 9999 ? "+" : "")}{Math.Abs(year):D4}-{month:D2}-{day:D2}");
    }
}
