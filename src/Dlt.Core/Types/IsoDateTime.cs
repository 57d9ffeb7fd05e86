using System.Globalization;

namespace Dlt.Types;

/// <summary>Parses ISO 8601 dates and times with the rules of Python dlt (docs/spec/pipeline.md 3.2).</summary>
internal static class IsoDateTime
{
    /// <summary>Parses a date with a time of day. Returns false for a date without time.</summary>
    public static bool TryParseTimestamp(ReadOnlySpan<char> text, out Timestamp value) =>
        TryParse(text, out value, out var hasDate, out var hasTime) && hasDate && hasTime;

    /// <summary>Parses a date without time, as days since 1970-01-01.</summary>
    public static bool TryParseDate(ReadOnlySpan<char> text, out int days)
    {
        days = 0;
        if (!TryParse(text, out var value, out var hasDate, out var hasTime) || !hasDate || hasTime) return false;
        days = Timestamp.DayOf(value.WallMicros);
        return true;
    }

    /// <summary>Parses a time of day in microseconds; a time with an offset is converted to UTC.</summary>
    public static bool TryParseTime(ReadOnlySpan<char> text, out long micros)
    {
        micros = 0;
        if (text.Length > 0 && text[0] == 'T') text = text[1..];
        var at = 0;
        if (!TryTime(text, ref at, compactAllowed: false, out var time, out var offset) || at != text.Length || text.IndexOf(':') < 0)
            return false;
        micros = time - (offset ?? 0) * Timestamp.MicrosPerSecond;
        micros = ((micros % Timestamp.MicrosPerDay) + Timestamp.MicrosPerDay) % Timestamp.MicrosPerDay;
        return true;
    }

    /// <summary>Parses a date with or without time; a missing time is midnight.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out Timestamp value, out bool hasDate, out bool hasTime)
    {
        value = default;
        hasTime = false;
        var at = 0;
        hasDate = TryDate(text, ref at, out var days, out var separated, out var yearOnly);
        if (!hasDate) return false;
        long micros = days * Timestamp.MicrosPerDay;
        if (at == text.Length)
        {
            value = new(micros, null);
            return true;
        }

        if (yearOnly || text[at] is not ('T' or ' ')) return false;
        at++;
        if (!TryTime(text, ref at, compactAllowed: !separated, out var time, out var offset) || at != text.Length) return false;
        hasTime = true;
        value = new(micros + time, offset);
        return value.UtcMicros is >= Timestamp.MinMicros and <= Timestamp.MaxMicros;
    }

    private static bool TryDate(ReadOnlySpan<char> text, ref int at, out long days, out bool separated, out bool yearOnly)
    {
        days = 0;
        separated = false;
        yearOnly = false;
        if (!TryDigits(text, ref at, 4, out var year) || year == 0) return false;
        if (at == text.Length || text[at] is 'T' or ' ')
        {
            yearOnly = true;
            return TryCivil(year, 1, 1, out days);
        }

        var separator = text[at] is '-' or '/' ? text[at] : '\0';
        separated = separator != '\0';
        if (separated) at++;
        if (separator != '/' && at < text.Length && text[at] == 'W')
        {
            at++;
            return TryWeek(text, ref at, year, separated, out days);
        }

        var digits = CountDigits(text, at);
        if (separated)
        {
            if (separator == '-' && digits == 3) return TryDigits(text, ref at, 3, out var ordinal) && TryOrdinal(year, ordinal, out days);
            if (!TryDigits(text, ref at, 2, out var month) || digits != 2) return false;
            if (at == text.Length || text[at] != separator) return TryCivil(year, month, 1, out days);
            at++;
            return CountDigits(text, at) == 2 && TryDigits(text, ref at, 2, out var day) && TryCivil(year, month, day, out days);
        }

        if (digits == 3) return TryDigits(text, ref at, 3, out var dayOfYear) && TryOrdinal(year, dayOfYear, out days);
        return digits == 4 && TryDigits(text, ref at, 2, out var m) && TryDigits(text, ref at, 2, out var d)
            && TryCivil(year, m, d, out days);
    }

    private static bool TryWeek(ReadOnlySpan<char> text, ref int at, int year, bool separated, out long days)
    {
        days = 0;
        if (!TryDigits(text, ref at, 2, out var week)) return false;
        var weekday = 1;
        if (at < text.Length && (separated ? text[at] == '-' : char.IsAsciiDigit(text[at])))
        {
            if (separated) at++;
            if (!TryDigits(text, ref at, 1, out weekday)) return false;
        }

        if (week < 1 || week > ISOWeek.GetWeeksInYear(year) || weekday is < 1 or > 7) return false;
        days = (long)(ISOWeek.ToDateTime(year, week, (DayOfWeek)(weekday % 7)) - DateTime.UnixEpoch).TotalDays;
        return true;
    }

    private static bool TryTime(ReadOnlySpan<char> text, ref int at, bool compactAllowed, out long micros, out int? offset)
    {
        micros = 0;
        offset = null;
        int minute = 0, second = 0;
        if (!TryDigits(text, ref at, 2, out var hour)) return false;
        var colon = at < text.Length && text[at] == ':';
        if (colon || (at < text.Length && char.IsAsciiDigit(text[at])))
        {
            if (colon) at++;
            else if (!compactAllowed) return false;
            if (!TryDigits(text, ref at, 2, out minute)) return false;
            if (at < text.Length && (colon ? text[at] == ':' : char.IsAsciiDigit(text[at])))
            {
                if (colon) at++;
                if (!TryDigits(text, ref at, 2, out second)) return false;
                if (at < text.Length && text[at] is '.' or ',')
                {
                    at++;
                    var digits = CountDigits(text, at);
                    if (digits < 1) return false;
                    var scale = 100_000;
                    for (var i = 0; i < Math.Min(digits, 6); i++, scale /= 10) micros += (text[at + i] - '0') * scale;
                    at += digits;
                }
            }
        }

        if (hour > 23 || minute > 59 || second > 59) return false;
        micros += ((hour * 60L + minute) * 60 + second) * Timestamp.MicrosPerSecond;
        return TryOffset(text, ref at, out offset);
    }

    private static bool TryOffset(ReadOnlySpan<char> text, ref int at, out int? offset)
    {
        offset = null;
        if (at >= text.Length) return true;
        if (text[at] == 'Z')
        {
            at++;
            offset = 0;
            return true;
        }

        if (text[at] is not ('+' or '-')) return true;
        var sign = text[at++] == '-' ? -1 : 1;
        var minutes = 0;
        if (!TryDigits(text, ref at, 2, out var hours) || hours > 23) return false;
        if (at < text.Length)
        {
            if (text[at] == ':') at++;
            if (!TryDigits(text, ref at, 2, out minutes) || minutes > 59) return false;
        }

        offset = sign * (hours * 3600 + minutes * 60);
        return true;
    }

    private static bool TryCivil(int year, int month, int day, out long days)
    {
        days = 0;
        if (month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month)) return false;
        days = new DateOnly(year, month, day).DayNumber - new DateOnly(1970, 1, 1).DayNumber;
        return true;
    }

    private static bool TryOrdinal(int year, int day, out long days)
    {
        days = 0;
        if (day < 1 || day > (DateTime.IsLeapYear(year) ? 366 : 365)) return false;
        days = new DateOnly(year, 1, 1).DayNumber - new DateOnly(1970, 1, 1).DayNumber + day - 1;
        return true;
    }

    private static int CountDigits(ReadOnlySpan<char> text, int at)
    {
        var count = 0;
        while (at + count < text.Length && char.IsAsciiDigit(text[at + count])) count++;
        return count;
    }

    private static bool TryDigits(ReadOnlySpan<char> text, ref int at, int count, out int value)
    {
        value = 0;
        if (at + count > text.Length) return false;
        for (var i = 0; i < count; i++)
        {
            var c = text[at + i];
            if (!char.IsAsciiDigit(c)) return false;
            value = value * 10 + (c - '0');
        }

        at += count;
        return true;
    }
}
