namespace Dlt.Iceberg;

/// <summary>Texts counted in code points, as bounds and the transform truncate count them.</summary>
internal static class CodePoints
{
    /// <summary>The first code points of a text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="width">How many code points; the whole text when it has no more.</param>
    public static string Prefix(string text, int width)
    {
        if (text.Length <= width) return text;
        var length = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            if (width-- == 0) return text[..length];
            length += rune.Utf16SequenceLength;
        }

        return text;
    }

    /// <summary>The length of a text in code points, or of a binary in bytes; 0 for other values.</summary>
    public static int Count(object value) => value switch
    {
        string text => text.EnumerateRunes().Count(),
        byte[] bytes => bytes.Length,
        _ => 0,
    };
}
