using System.Globalization;

namespace Dlt.Batches;

/// <summary>
/// Texts of objects must be whole characters: UTF-8 has no form for half of a surrogate pair, and .NET would store U+FFFD in its place.
/// </summary>
internal static class WholeText
{
    /// <summary>A name, once it is checked.</summary>
    /// <exception cref="DltException">The name has a lone surrogate.</exception>
    public static string Checked(string name)
    {
        Check(name);
        return name;
    }

    /// <param name="text">A text of an item.</param>
    /// <param name="field">Its field; null where it is not known.</param>
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
