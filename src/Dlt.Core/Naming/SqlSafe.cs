using System.Globalization;
using System.Text;

namespace Dlt.Naming;

/// <summary>Shared steps of the SQL-safe conventions.</summary>
internal static class SqlSafe
{
    /// <summary>
    /// Replaces each run of characters other than ASCII letters, underscores and Unicode decimal digits by one underscore.
    /// </summary>
    public static string ReplaceOthers(string text)
    {
        var result = new StringBuilder(text.Length);
        var inRun = false;
        foreach (var rune in text.EnumerateRunes())
        {
            if (rune.IsAscii && (Rune.IsLetterOrDigit(rune) || rune.Value == '_') || IsDigit(rune))
            {
                result.Append(rune.ToString());
                inRun = false;
            }
            else if (!inRun)
            {
                result.Append('_');
                inRun = true;
            }
        }

        return result.ToString();
    }

    public static string PrefixDigit(string text) => text.Length > 0 && IsDigit(Rune.GetRuneAt(text, 0)) ? "_" + text : text;

    private static bool IsDigit(Rune rune) => Rune.GetUnicodeCategory(rune) == UnicodeCategory.DecimalDigitNumber;
}
