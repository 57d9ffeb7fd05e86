using System.Runtime.CompilerServices;

namespace Dlt.Batches.Values;

/// <summary>
/// Parses the common form of timestamps, <c>2024-01-02T03:04:05[.fraction][Z|±hh:mm]</c>, from UTF-8. Other forms need the complete parser.
/// </summary>
internal static class FastIso
{
    /// <summary>Parses a timestamp to microseconds since 1970 in UTC. Returns false for other forms and for values out of range.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out long utcMicros)
    {
        utcMicros = 0;
        if (text.Length is < 19 or > 35) return false;
        if (text[4] != '-' || text[7] != '-' || text[10] is not ((byte)'T' or (byte)' ') || text[13] != ':' || text[16] != ':')
            return false;
        int year = Two(text, 0) * 100 + Two(text, 2), month = Two(text, 5), day = Two(text, 8);
        int hour = Two(text, 11), minute = Two(text, 14), second = Two(text, 17);
        // A character that is not a digit yields a number of at least 2^16, which is out of all ranges below.
        if ((uint)(year - 1) >= 9999 || (uint)(month - 1) >= 12 || (uint)hour > 23 || (uint)minute > 59 || (uint)second > 59) return false;
        if (day < 1 || day > 28 && (day > 31 || day > DateTime.DaysInMonth(year, month))) return false;

        var at = 19;
        long fraction = 0;
        if (at < text.Length && text[at] is (byte)'.' or (byte)',')
        {
            at++;
            var digits = 0;
            for (; at < text.Length && (uint)(text[at] - '0') <= 9; at++, digits++)
                if (digits < 6) fraction = fraction * 10 + (text[at] - '0');
            if (digits == 0) return false;
            for (; digits < 6; digits++) fraction *= 10;
        }

        long offset = 0;
        if (at < text.Length)
        {
            if (text[at] == 'Z')
            {
                at++;
            }
            else
            {
                if (text[at] is not ((byte)'+' or (byte)'-') || text.Length - at != 6 || text[at + 3] != ':') return false;
                int hours = Two(text, at + 1), minutes = Two(text, at + 4);
                if ((uint)hours > 23 || (uint)minutes > 59) return false;
                offset = (text[at] == '-' ? -60L : 60L) * (hours * 60 + minutes);
                at += 6;
            }

            if (at != text.Length) return false;
        }

        utcMicros = (Days(year, month, day) * 86_400 + hour * 3600 + minute * 60 + second - offset) * Timestamp.MicrosPerSecond + fraction;
        return utcMicros is >= Timestamp.MinMicros and <= Timestamp.MaxMicros;
    }

    /// <summary>Returns the days since 1970-01-01 of a proleptic Gregorian date.</summary>
    internal static long Days(int year, int month, int day)
    {
        var y = month <= 2 ? year - 1 : year;
        var era = y / 400;
        var yearOfEra = y - era * 400;
        var dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
        return era * 146_097L + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Two(ReadOnlySpan<byte> text, int at)
    {
        uint tens = (uint)(text[at] - '0'), ones = (uint)(text[at + 1] - '0');
        return tens <= 9 && ones <= 9 ? (int)(tens * 10 + ones) : 1 << 16;
    }
}
