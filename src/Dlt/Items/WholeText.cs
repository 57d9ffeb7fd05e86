using System.Globalization;

namespace Dlt.Items;

/// <summary>
/// Checks texts of objects for lone surrogates: UTF-8 cannot encode half of a surrogate pair, and .NET would store U+FFFD instead.
/// </summary>
internal static class WholeText
{
    /// <summary>Returns a name after checking it.</summary>
    /// <exception cref="DltException">The name has a lone surrogate.</exception>
    public static string Checked(string name)
    {
        Check(name);
        return name;
    }

    /// <summary>Throws when a text contains a lone surrogate.</summary>
    /// <param name="text">Text of an item.</param>
    /// <param name="field">Field of the text, for the message; null when it is unknown.</param>
    /// <exception cref="DltException">The text has a lone surrogate.</exception>
    public static void Check(ReadOnlySpan<char> text, string? field = null)
    {
        for (var rest = text; rest.IndexOfAnyInRange('\uD800', '\uDFFF') is >= 0 and var at; rest = rest[(at + 2)..])
        {
            if (at + 1 < rest.Length && char.IsSurrogatePair(rest[at], rest[at + 1])) continue;
            throw new DltException(string.Create(
                CultureInfo.InvariantCulture,
                $"A text{(field is null ? "" : $" of field '{field}'")} has half of a character (the surrogate U+{(int)rest[at]:X4}), "
                    + $"which no file can hold. Nothing of this run was loaded, and the state is as before. Correct the text."));
        }
    }
}
