using System.Globalization;

namespace Dlt.Iceberg;

/// <summary>
/// Parses dates and times in ISO 8601. Dates and times that do not exist (30 February, 25:61) are rejected, not rolled over.
/// </summary>
internal static class TimeText
{
    /// <summary>The last year with days that fit into the 32 bits of a date.</summary>
    private const int LastYear = 5_800_000;

    private const int MinYearDigits = 4;
    private const int MaxFractionDigits = 9;
    private const long MaxOffset = 18 * Micros.PerHour;

    private static readonly int[] DaysOfMonth = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

    /// <summary>Parses a date such as <c>2024-02-29</c> to days since 1970. The year has four or more digits and may have a sign.</summary>
    /// <returns>Null if the text is not a date.</returns>
    public static int? Days(ReadOnlySpan<char> text)
    {
        var isNegative = text is ['-', ..];
        if (text is ['-' or '+', .. var rest]) text = rest;
        Span<Range> parts = stackalloc Range[4];
        if (text.Split(parts, '-') != 3 || parts[0].End.Value < MinYearDigits) return null;
        if (Number(text[parts[0]], LastYear) is not { } year || Number(text[parts[1]], 12) is not { } month
            || Number(text[parts[2]], 31) is not { } day) return null;
        year = isNegative ? -year : year;
        return month >= 1 && day >= 1 && day <= LengthOf(year, month) ? CivilDate.ToDays(year, month, day) : null;
    }

    /// <summary>
    /// Parses a time such as <c>22:31</c>, <c>22:31:08</c> or <c>22:31:08.123456789</c> to microseconds since midnight and remaining
    /// nanoseconds.
    /// </summary>
    /// <returns>Null if the text is not a time of day.</returns>
    public static (long Micros, int Nanos)? Time(ReadOnlySpan<char> text)
    {
        Span<Range> parts = stackalloc Range[4];
        var count = text.Split(parts, ':');
        if (count is < 2 or > 3 || Number(text[parts[0]], 23) is not { } hours || Number(text[parts[1]], 59) is not { } minutes)
            return null;
        var micros = (hours * 60L + minutes) * 60 * Micros.PerSecond;
        if (count == 2) return (micros, 0);
        var last = text[parts[2]];
        var point = last.IndexOf('.');
        if (Number(point < 0 ? last : last[..point], 59) is not { } seconds) return null;
        micros += seconds * Micros.PerSecond;
        if (point < 0) return (micros, 0);
        var digits = last[(point + 1)..];
        if (digits.Length is 0 or > MaxFractionDigits || Number(digits, int.MaxValue) is not { } fraction) return null;
        for (var i = digits.Length; i < MaxFractionDigits; i++) fraction *= 10;
        return (micros + fraction / 1000, fraction % 1000);
    }

    /// <summary>
    /// Parses a timestamp such as <c>2024-02-29T22:31:08Z</c> to microseconds since 1970 and remaining nanoseconds. The time and its UTC
    /// offset are optional.
    /// </summary>
    /// <returns>Null if the text is not a timestamp.</returns>
    public static (long Micros, int Nanos)? Moment(ReadOnlySpan<char> text)
    {
        var at = text.IndexOfAny('T', ' ');
        if (Days(at < 0 ? text : text[..at]) is not { } days || !IsInRange(days)) return null;
        if (at < 0) return (days * Micros.PerDay, 0);
        var clock = text[(at + 1)..];
        var offset = 0L;
        if (clock is [.. var zulu, 'Z'])
        {
            clock = zulu;
        }
        else if (clock.LastIndexOfAny('+', '-') is var sign and > 0)
        {
            if (Time(clock[(sign + 1)..]) is not ({ } hours, 0) || hours > MaxOffset) return null;
            offset = clock[sign] == '-' ? -hours : hours;
            clock = clock[..sign];
        }

        return Time(clock) is var (micros, nanos) ? (days * Micros.PerDay + micros - offset, nanos) : null;
    }

    /// <summary>True if the microseconds of the day fit into 64 bits at every UTC offset.</summary>
    private static bool IsInRange(int days) =>
        days is > (int)(long.MinValue / Micros.PerDay) + 2 and < (int)(long.MaxValue / Micros.PerDay) - 2;

    private static int LengthOf(int year, int month) =>
        month == 2 && year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : DaysOfMonth[month - 1];

    private static int? Number(ReadOnlySpan<char> text, int max) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= max ? number : null;
}
