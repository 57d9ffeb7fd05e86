using System.Text;
using Dlt.Files;

namespace Dlt.Sources.Files;

/// <summary>Counts the lines of a text file like editors do.</summary>
internal static class TextLines
{
    private const int BufferChars = 1 << 14;

    /// <summary>Number of line ends in a text: <c>\n</c> and <c>\r\n</c>, or <c>\r</c> if there are no others.</summary>
    public static int Ends(ReadOnlySpan<char> text) => text.Count('\n') is var ends and > 0 ? ends : text.Count('\r');

    /// <summary>Finds the first line with bytes that are not valid text.</summary>
    /// <param name="file">The file, which is read from its beginning.</param>
    /// <param name="encoding">Its encoding, which replaces such bytes with <paramref name="notText"/>.</param>
    /// <param name="notText">A character that no text contains.</param>
    /// <returns>The line, from 1; null if all bytes are valid.</returns>
    public static int? FirstNotText(InputFile file, Encoding encoding, char notText)
    {
        using var text = new StreamReader(CompressedFile.Open(CompressedFile.OpenFile(file), out _), encoding, false);
        var buffer = new char[BufferChars];
        var (newLines, returns) = (0, 0);
        for (int length; (length = text.Read(buffer)) > 0;)
        {
            var part = buffer.AsSpan(0, length);
            var at = part.IndexOf(notText);
            if (at >= 0) part = part[..at];
            newLines += part.Count('\n');
            returns += part.Count('\r');
            if (at >= 0) return 1 + (newLines > 0 ? newLines : returns);
        }

        return null;
    }
}
