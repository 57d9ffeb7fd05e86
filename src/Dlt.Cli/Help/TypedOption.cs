using System.CommandLine;
using System.Globalization;

namespace Dlt.Cli.Help;

/// <summary>Creates options for numbers and times with readable errors.</summary>
internal static class TypedOption
{
    private const double MaxHours = 1e6;

    /// <summary>
    /// Forms of ISO 8601 and of Athena. Days such as 05/06/2024 are not among them: the order of their parts is not known.
    /// </summary>
    private static readonly string[] Times =
    [
        "yyyy-MM-dd", .. new[] { "'T'HH:mm", "'T'HH:mm:ss", "'T'HH:mm:ss.FFFFFFF", "' 'HH:mm", "' 'HH:mm:ss", "' 'HH:mm:ss.FFFFFFF" }
            .Select(time => $"yyyy-MM-dd{time}K"),
    ];

    /// <summary>An option for a whole number between two others.</summary>
    public static Option<long?> Number(string name, string description, long min = 0, long max = long.MaxValue) => new(name)
    {
        Description = description,
        HelpName = "number",
        CustomParser = result =>
        {
            if (long.TryParse(result.Tokens[^1].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                && number >= min && number <= max) return number;
            var range = (min, max) == (0, long.MaxValue) ? "" : string.Create(CultureInfo.InvariantCulture, $" from {min} to {max}");
            result.AddError($"Option '{name}': '{result.Tokens[^1].Value}' is not a whole number{range}.");
            return null;
        },
    };

    /// <summary>An option for a time; without an offset it is in UTC.</summary>
    public static Option<DateTimeOffset?> Time(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "time",
        CustomParser = result =>
        {
            const DateTimeStyles Styles = DateTimeStyles.AssumeUniversal | DateTimeStyles.AllowWhiteSpaces;
            var text = result.Tokens[^1].Value.Trim().Replace(" UTC", "Z", StringComparison.Ordinal);
            if (DateTimeOffset.TryParseExact(text, Times, CultureInfo.InvariantCulture, Styles, out var time)) return time;
            result.AddError($"Option '{name}': '{result.Tokens[^1].Value}' is not a time. Write it as 2024-05-06T07:08:09Z, or as "
                + $"2024-05-06 for midnight in UTC.");
            return null;
        },
    };

    /// <summary>An option for an age: a number of hours (<c>36</c>), or with the unit <c>d</c>, <c>h</c> or <c>m</c>
    /// (<c>5d</c>).</summary>
    public static Option<TimeSpan?> Age(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "age",
        CustomParser = result =>
        {
            var text = result.Tokens[^1].Value;
            var unit = text.Length == 0 ? 'h' : text[^1];
            var digits = char.IsAsciiDigit(unit) ? text : text[..^Math.Min(1, text.Length)];
            var hours = unit switch { 'd' => 24.0, 'm' => 1 / 60.0, 'h' => 1, _ => char.IsAsciiDigit(unit) ? 1 : double.NaN };
            if (double.TryParse(digits, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
                && number * hours is >= 0 and < MaxHours) return TimeSpan.FromHours(number * hours);
            result.AddError($"Option '{name}': '{text}' is not an age. Write it as 5d, 12h or 30m; a number alone is hours.");
            return null;
        },
    };
}
