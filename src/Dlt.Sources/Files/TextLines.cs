using System.Text;

namespace Dlt.Sources.Files;

/// <summary>Lines of a text file, as editors count them.</summary>
internal static class TextLines
{
    private const int BufferChars = 1 << 14;

    /// <summary>Line ends in a text: <c>\n</c>, <c>\r\n</c>, or <c>\r</c> where there is no other.</summary>
    public static int Ends(ReadOnlySpan<char> text) => text.Count('\n') is var ends and > 0 ? ends : text.Count('\r');

    /// <summary>Finds the first line with bytes that are no text.</summary>
    /// <param name="file">The file; it is read from its beginning.</param>
    /// <param name="encoding">Its encoding, which puts <paramref name="notText"/> in the place of such bytes.</param>
    /// <param name="notText">A character that no text has.</param>
    /// <returns>The line, from 1; null when all bytes are text.</returns>
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
