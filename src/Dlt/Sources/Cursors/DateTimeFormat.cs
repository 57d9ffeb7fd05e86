using System.Globalization;
using System.Text.RegularExpressions;
using Dlt.Types;

namespace Dlt.Sources.Cursors;

/// <summary>
/// Formats of date-times in texts, identified by their <c>strftime</c> pattern. A text cursor with a lag is parsed and written in its
/// format (docs/spec/pipeline.md 8.5).
/// </summary>
internal sealed partial class DateTimeFormat
{
    private static readonly (string Text, string Pattern)[] Times =
    [
        (@"T\d{2}:\d{2}:\d{2}", "T%H:%M:%S"),
        (@"T\d{2}:\d{2}:\d{2}\.\d+", "T%H:%M:%S.%f"),
        (@"T\d{2}:\d{2}", "T%H:%M"),
        (@"T\d{2}", "T%H"),
    ];

    private static readonly (string Text, string Pattern)[] Zones =
    [
        ("Z", "Z"),
        (@"[+-]\d{2}:\d{2}", "%:z"),
        (@"[+-]\d{4}", "%z"),
        ("", ""),
    ];

    private static readonly DateTimeFormat[] All =
    [
        .. from time in Times
           from zone in Zones
           select new DateTimeFormat(@"\d{4}-\d{2}-\d{2}" + time.Text + zone.Text, "%Y-%m-%d" + time.Pattern + zone.Pattern),
        new(@"\d{4}-\d{2}-\d{2}", "%Y-%m-%d"),
        new(@"\d{8}", "%Y%m%d"),
        new(@"\d{4}-\d{2}", "%Y-%m"),
        new(@"\d{6}", "%Y%m"),
        new(@"\d{4}-W\d{2}-\d", "%G-W%V-%u"),
        new(@"\d{4}-W\d{2}", "%G-W%V"),
        new(@"\d{4}W\d{2}\d", "%GW%V%u"),
        new(@"\d{4}W\d{2}", "%GW%V"),
        new(@"\d{4}-\d{3}", "%Y-%j"),
        new(@"\d{7}", "%Y%j"),
        new(@"\d{4}", "%Y"),
    ];

    private readonly Regex _form;

    private DateTimeFormat(string form, string pattern)
    {
        _form = new Regex($"^{form}$", RegexOptions.CultureInvariant);
        Pattern = pattern;
    }

    /// <summary>The <c>strftime</c> pattern, such as <c>%Y-%m-%dT%H:%M:%SZ</c>.</summary>
    public string Pattern { get; }

    /// <summary>True when texts in this format name a whole day.</summary>
    public bool IsDate => Pattern is "%Y-%m-%d" or "%Y%m%d";

    /// <summary>True when texts in this format are in UTC.</summary>
    public bool IsUtc => Pattern.EndsWith('Z');

    /// <summary>Returns the format of a text; null when it has none of these formats.</summary>
    public static DateTimeFormat? Of(string text) => Array.Find(All, f => f._form.IsMatch(text));

    /// <summary>Parses the first instant that a text names. Returns false for a date that does not exist.</summary>
    public bool TryParse(string text, out Timestamp value)
    {
        value = default;
        if (Pattern.Contains('T', StringComparison.Ordinal))
            return IsoDateTime.TryParse(
                Pattern.Contains("%M", StringComparison.Ordinal) ? text : WithMinutes(text), out value, out _, out _);
        var digits = NoDigits().Replace(text, "");
        if (!DateTime.TryParseExact(digits[..4], "yyyy", CultureInfo.InvariantCulture, DateTimeStyles.None, out var year)) return false;
        DateTime? day;
        try
        {
            day = Pattern switch
            {
                "%Y-%m-%d" or "%Y%m%d" => new DateTime(year.Year, Number(digits, 4, 2), Number(digits, 6, 2)),
                "%Y-%m" or "%Y%m" => new DateTime(year.Year, Number(digits, 4, 2), 1),
                "%Y-%j" or "%Y%j" =>
                    Number(digits, 4, 3) <= (DateTime.IsLeapYear(year.Year) ? 366 : 365) ? year.AddDays(Number(digits, 4, 3) - 1) : null,
                "%Y" => year,
                _ => ISOWeek.ToDateTime(
                    year.Year, Number(digits, 4, 2), digits.Length > 6 ? (DayOfWeek)(Number(digits, 6, 1) % 7) : DayOfWeek.Monday),
            };
        }
        catch (ArgumentOutOfRangeException)
        {
            return false;
        }

        if (day is not { } first) return false;
        value = new((first.Ticks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond, null);
        return true;
    }

    /// <summary>Formats a time.</summary>
    public string Write(Timestamp value)
    {
        var time = new DateTime(DateTime.UnixEpoch.Ticks + (value.WallMicros * TimeSpan.TicksPerMicrosecond), DateTimeKind.Unspecified);
        var offset = TimeSpan.FromSeconds(value.OffsetSeconds ?? 0);
        var zone = string.Create(CultureInfo.InvariantCulture,
            $"{(offset < TimeSpan.Zero ? '-' : '+')}{Math.Abs(offset.Hours):00}:{Math.Abs(offset.Minutes):00}");
        string Part(string format) => time.ToString(format, CultureInfo.InvariantCulture);
        return Pattern
            .Replace("%:z", zone, StringComparison.Ordinal)
            .Replace("%z", zone.Replace(":", "", StringComparison.Ordinal), StringComparison.Ordinal)
            .Replace("%f", Part("ffffff"), StringComparison.Ordinal).Replace("%S", Part("ss"), StringComparison.Ordinal)
            .Replace("%M", Part("mm"), StringComparison.Ordinal).Replace("%H", Part("HH"), StringComparison.Ordinal)
            .Replace("%Y", Part("yyyy"), StringComparison.Ordinal).Replace("%m", Part("MM"), StringComparison.Ordinal)
            .Replace("%d", Part("dd"), StringComparison.Ordinal)
            .Replace("%j", time.DayOfYear.ToString("000", CultureInfo.InvariantCulture), StringComparison.Ordinal)
            .Replace("%G", ISOWeek.GetYear(time).ToString("0000", CultureInfo.InvariantCulture), StringComparison.Ordinal)
            .Replace("%V", ISOWeek.GetWeekOfYear(time).ToString("00", CultureInfo.InvariantCulture), StringComparison.Ordinal)
            .Replace("%u", (time.DayOfWeek == DayOfWeek.Sunday ? 7 : (int)time.DayOfWeek).ToString(CultureInfo.InvariantCulture),
                StringComparison.Ordinal);
    }

    private static int Number(string digits, int start, int length) =>
        int.Parse(digits.AsSpan(start, length), CultureInfo.InvariantCulture);

    /// <summary>Adds minutes to an hour without them, for the parser.</summary>
    private static string WithMinutes(string text)
    {
        const int hourEnd = 13;
        return text[..hourEnd] + ":00" + text[hourEnd..];
    }

    [GeneratedRegex(@"\D")]
    private static partial Regex NoDigits();
}
