using System.Globalization;
using System.Text;
using AnyAscii;

namespace Dlt.Naming;

/// <summary>
/// Renames names that would lose all their letters and digits in the SQL-safe conventions: <c>Имя</c>, <c>商品</c>, <c>-</c>. Python dlt
/// calls all of them <c>x</c> (or <c>_</c>). Here each name becomes its transliteration to ASCII, or its tag when the transliteration has
/// no letter (docs/differences.md, names).
/// </summary>
internal static class NamesWithoutLetters
{
    /// <summary>Returns true when the name has no ASCII letter and no decimal digit of any script.</summary>
    public static bool Concerns(string name)
    {
        foreach (var rune in name.EnumerateRunes())
            if (rune.IsAscii ? Rune.IsLetterOrDigit(rune) : Rune.GetUnicodeCategory(rune) == UnicodeCategory.DecimalDigitNumber)
                return false;
        return true;
    }

    /// <summary>Returns the replacement for such a name; other names are returned unchanged.</summary>
    /// <param name="name">The name without surrounding spaces.</param>
    public static string Replace(string name)
    {
        if (!Concerns(name)) return name;
        var ascii = name.Transliterate();
        int start = 0, end = ascii.Length;
        while (start < end && !char.IsAsciiLetterOrDigit(ascii[start])) start++;
        while (end > start && !char.IsAsciiLetterOrDigit(ascii[end - 1])) end--;
        return start < end ? ascii[start..end] : "x_" + NamingConvention.Tag(name);
    }
}
