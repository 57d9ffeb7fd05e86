using System.Globalization;

namespace Dlt.Sources.Sql;

/// <summary>Formats time spans as text, because neither Athena nor dlt has a type for them.</summary>
internal static class IntervalText
{
    private const long TicksPerMicrosecond = TimeSpan.TicksPerMicrosecond;
    private const int MaxIsoLength = 96;

    /// <summary>
    /// Formats an interval in ISO 8601 like PostgreSQL's style <c>iso_8601</c>: <c>P1Y2M3DT4H5M6.5S</c>, or <c>PT0S</c> when it is empty.
    /// </summary>
    /// <param name="months">Number of months; 12 of them are written as a year.</param>
    /// <param name="days">Number of days.</param>
    /// <param name="microseconds">Remaining microseconds.</param>
    public static string Iso(int months, int days, long microseconds)
    {
        Span<char> text = stackalloc char[MaxIsoLength];
        text[0] = 'P';
        var length = 1;
        Append(text, ref length, months / 12, 'Y');
        Append(text, ref length, months % 12, 'M');
        Append(text, ref length, days, 'D');
        if (microseconds != 0)
        {
            text[length++] = 'T';
            Append(text, ref length, microseconds / 3_600_000_000, 'H');
            Append(text, ref length, microseconds / 60_000_000 % 60, 'M');
            AppendSeconds(text, ref length, microseconds % 60_000_000);
        }

        return length == 1 ? "PT0S" : text[..length].ToString();
    }

    /// <summary>Formats a time span in ISO 8601.</summary>
    public static string Iso(TimeSpan span) => Iso(0, span.Days, (span - TimeSpan.FromDays(span.Days)).Ticks / TicksPerMicrosecond);

    /// <summary>
    /// Formats a time of day as <c>hh:mm:ss[.fffffff]</c>. Values beyond a day have more hours: <c>24:00:00</c>, <c>-838:59:59</c> (MySQL).
    /// </summary>
    public static string Clock(TimeSpan time)
    {
        if (time >= TimeSpan.Zero && time < TimeSpan.FromDays(1)) return time.ToString("c", CultureInfo.InvariantCulture);
        var whole = Math.Abs(time.Ticks / TimeSpan.TicksPerHour);
        var format = time.Ticks % TimeSpan.TicksPerSecond == 0 ? @"mm\:ss" : @"mm\:ss\.fffffff";
        var sign = time < TimeSpan.Zero ? "-" : "";
        return string.Create(CultureInfo.InvariantCulture, $"{sign}{whole:00}:{time.ToString(format, CultureInfo.InvariantCulture)}");
    }

    private static void Append(Span<char> text, ref int length, long number, char unit)
    {
        if (number == 0) return;
        number.TryFormat(text[length..], out var written, default, CultureInfo.InvariantCulture);
        length += written;
        text[length++] = unit;
    }

    private static void AppendSeconds(Span<char> text, ref int length, long microseconds)
    {
        if (microseconds == 0) return;
        (microseconds / 1_000_000m).TryFormat(text[length..], out var written, "0.######", CultureInfo.InvariantCulture);
        length += written;
        text[length++] = 'S';
    }
}
