using System.CommandLine;
using System.Globalization;

namespace Dlt.Cli.Help;

/// <summary>Creates options for numbers and times with readable errors.</summary>
internal static class TypedOption
{
    /// <summary>An option for a whole number, 0 or more.</summary>
    public static Option<long?> Number(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "number",
        CustomParser = result =>
        {
            if (long.TryParse(result.Tokens[^1].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var number)) return number;
            result.AddError($"Option '{name}': '{result.Tokens[^1].Value}' is not a whole number.");
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
            if (DateTimeOffset.TryParse(result.Tokens[^1].Value, CultureInfo.InvariantCulture, Styles, out var time)) return time;
            result.AddError($"Option '{name}': '{result.Tokens[^1].Value}' is not a time. Write it as 2024-05-06T07:08:09Z, or as "
                + $"2024-05-06 for midnight in UTC.");
            return null;
        },
    };
}
