using System.Globalization;

namespace Dlt.Hints.Paths;

/// <summary>A text is not a JSONPath.</summary>
/// <param name="text">The text.</param>
/// <param name="at">Position of the character, 0 for the first.</param>
/// <param name="what">What is wrong there.</param>
internal sealed class PathException(string text, int at, string what) : DltException(
    $"The path '{text}' is not valid: {ProblemOf(text, at, what)}. Use names, 'quoted names', [n], slices, *, .. and filters, as in "
    + "'meta.items[0].at' and 'items[?(@.open == true)]'. Nothing was extracted.")
{
    /// <summary>What is wrong, as the end of a sentence.</summary>
    public string Problem { get; } = ProblemOf(text, at, what);

    private static string ProblemOf(string text, int at, string what) => at >= text.Length
        ? $"{what} at its end"
        : string.Create(CultureInfo.InvariantCulture, $"{what} at character {at + 1} ('{text[at]}')");
}
