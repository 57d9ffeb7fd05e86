using System.Globalization;
using System.Text;
using AnyAscii;

namespace Dlt.Naming;

/// <summary>
/// Names of which the SQL-safe conventions keep no letter and no digit: <c>Имя</c>, <c>商品</c>, <c>-</c>. dlt calls all of them <c>x</c> (or
/// <c>_</c>); here each has a name of its own, made of its transliteration to ASCII, and where that has no letter either, of its tag
/// (docs/differences.md, names).
/// </summary>
internal static class LostNames
{
    /// <summary>True when neither an ASCII letter nor a decimal digit of any script is in the name.</summary>
    public static bool Concerns(string name)
    {
        foreach (var rune in name.EnumerateRunes())
            if (rune.IsAscii ? Rune.IsLetterOrDigit(rune) : Rune.GetUnicodeCategory(rune) == UnicodeCategory.DecimalDigitNumber)
                return false;
        return true;
    }

    /// <summary>What takes the place of such a name; other names stay.</summary>
    /// <param name="name">Without blanks around it.</param>
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
