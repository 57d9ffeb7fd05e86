using System.ComponentModel;
using System.Text;

namespace Dlt.Internal;

/// <summary>
/// Makes texts that Glue takes as comments and descriptions; it refuses a table that has any other (AWS Glue API, Column and TableInput).
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class GlueText
{
    private const int MaxCommentBytes = 255;
    private const int MaxDescriptionBytes = 2048;

    /// <summary>
    /// The comment of a column: one line of at most 255 bytes of UTF-8. Control characters other than tabs become blanks, and the end is
    /// cut off between two characters.
    /// </summary>
    public static string Comment(string text) => Fit(text, MaxCommentBytes, "\t");

    /// <summary>
    /// The description of a table: at most 2,048 bytes of UTF-8. Control characters other than tabs and line breaks become blanks, and the
    /// end is cut off between two characters.
    /// </summary>
    public static string Description(string text) => Fit(text, MaxDescriptionBytes, "\t\r\n");

    private static string Fit(string text, int maxBytes, string controls)
    {
        var fit = new StringBuilder(text.Length);
        var bytes = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            var isTaken = rune.Value is >= ' ' and not (0xFFFE or 0xFFFF) || controls.Contains((char)rune.Value, StringComparison.Ordinal);
            var written = isTaken ? rune : new Rune(' ');
            bytes += written.Utf8SequenceLength;
            if (bytes > maxBytes) break;
            fit.Append(written.ToString());
        }

        return fit.ToString();
    }
}
