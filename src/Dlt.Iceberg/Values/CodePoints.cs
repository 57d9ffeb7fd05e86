namespace Dlt.Iceberg;

/// <summary>Counts text in Unicode code points, as bounds and the truncate transform do.</summary>
internal static class CodePoints
{
    /// <summary>Returns the first code points of a text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="width">Maximum number of code points. A shorter text is returned unchanged.</param>
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

    /// <summary>The length of a text in code points or of a binary value in bytes; 0 for other values.</summary>
    public static int Count(object value) => value switch
    {
        string text => text.EnumerateRunes().Count(),
        byte[] bytes => bytes.Length,
        _ => 0,
    };
}
