using System.Globalization;
using System.Text;

namespace Dlt.Files;

/// <summary>Finds encodings of text files: by name, and by the byte order mark at the beginning of a file.</summary>
internal static class TextEncoding
{
    /// <summary>Length of the longest byte order mark in bytes.</summary>
    public const int MarkBytes = 4;

    private static readonly byte[] Utf8Mark = [0xEF, 0xBB, 0xBF];

    /// <summary>
    /// Finds an encoding by its name in .NET, IANA or Python: <c>utf-16</c>, <c>latin-1</c>, <c>cp1252</c>, <c>shift_jis</c>.
    /// </summary>
    /// <returns>Null when no encoding has that name.</returns>
    public static Encoding? Find(string name)
    {
        var text = name.Trim().ToLowerInvariant();
        var joined = text.Replace("-", "", StringComparison.Ordinal).Replace("_", "", StringComparison.Ordinal);
        foreach (var candidate in new[] { text, text.Replace('_', '-'), joined, OfPython(text) })
        {
            if (candidate is null) continue;
            if (candidate.StartsWith("cp", StringComparison.Ordinal)
                && int.TryParse(candidate.AsSpan(2), NumberStyles.None, CultureInfo.InvariantCulture, out var page))
            {
                if (Try(() => CodePagesEncodingProvider.Instance.GetEncoding(page) ?? Encoding.GetEncoding(page)) is { } numbered)
                    return numbered;
                continue;
            }

            if (Try(() => CodePagesEncodingProvider.Instance.GetEncoding(candidate) ?? Encoding.GetEncoding(candidate)) is { } named)
                return named;
        }

        return null;
    }

    /// <summary>
    /// Returns the encoding that the first bytes of a text show: its byte order mark or, without one, zeros at the places where UTF-16 and
    /// UTF-32 have them for Latin letters (RFC 4627, section 3). No text in another encoding has zeros there.
    /// </summary>
    /// <param name="head">First 4 bytes of a file, or all of a shorter one.</param>
    /// <returns>Null when the bytes show none.</returns>
    public static Encoding? OfMark(ReadOnlySpan<byte> head) => head switch
    {
        _ when head.StartsWith(Utf8Mark) => Encoding.UTF8,
        [0xFF, 0xFE, 0, 0, ..] => Encoding.UTF32,
        [0, 0, 0xFE, 0xFF, ..] => new UTF32Encoding(bigEndian: true, byteOrderMark: true),
        [0xFF, 0xFE, ..] => Encoding.Unicode,
        [0xFE, 0xFF, ..] => Encoding.BigEndianUnicode,
        [not 0, 0, 0, 0, ..] => Encoding.UTF32,
        [0, 0, 0, not 0, ..] => new UTF32Encoding(bigEndian: true, byteOrderMark: true),
        [not 0, 0, not 0, 0, ..] => Encoding.Unicode,
        [0, not 0, 0, not 0, ..] => Encoding.BigEndianUnicode,
        _ => null,
    };

    /// <summary>Returns the encoding of a file's text. Its byte order mark takes precedence over the declared encoding.</summary>
    /// <param name="file">The file.</param>
    /// <exception cref="UnreadableFileException">The file cannot be read.</exception>
    public static Encoding Of(InputFile file)
    {
        Span<byte> head = stackalloc byte[MarkBytes];
        return OfMark(FileHead.Read(file, head)) ?? file.Encoding ?? Encoding.UTF8;
    }

    /// <summary>Returns a copy of an encoding that throws for invalid bytes, or replaces them by a character.</summary>
    /// <param name="encoding">Encoding to copy.</param>
    /// <param name="replacement">Replacement for invalid bytes; null to throw a <see cref="DecoderFallbackException"/>.</param>
    public static Encoding Strict(Encoding encoding, char? replacement = null)
    {
        var strict = (Encoding)encoding.Clone();
        strict.DecoderFallback = replacement is { } c ? new DecoderReplacementFallback($"{c}") : DecoderFallback.ExceptionFallback;
        return strict;
    }

    private static string? OfPython(string name) => name.Replace('-', '_') switch
    {
        "latin_1" or "l1" or "8859" => "iso-8859-1",
        "utf_8_sig" or "u8" => "utf-8",
        "utf_16_le" => "utf-16le",
        "utf_16_be" => "utf-16be",
        "utf_32_le" => "utf-32",
        "utf_32_be" => "utf-32be",
        "sjis" or "shiftjis" => "shift_jis",
        "mac_roman" => "macintosh",
        _ => null,
    };

    private static Encoding? Try(Func<Encoding> find)
    {
        try
        {
            return find();
        }
        catch (Exception error) when (error is ArgumentException or NotSupportedException)
        {
            return null;
        }
    }
}
