namespace Dlt.Iceberg;

/// <summary>
/// Shortens bounds of texts and binary values to a maximum length. Bounds of other types keep their length (docs/spec/iceberg.md 3.7).
/// </summary>
internal static class Bounds
{
    private const int FirstSurrogate = 0xD800;
    private const int LastSurrogate = 0xDFFF;
    private const int LastCodePoint = 0x10FFFF;

    /// <summary>The lower bound of a column.</summary>
    public static object Lower(PrimitiveType type, object value, int width) => IsCut(type) ? Lower(value, width) : value;

    /// <summary>The upper bound of a column.</summary>
    /// <returns>Null if no upper bound of this length exists.</returns>
    public static object? Upper(PrimitiveType type, object value, int width) => IsCut(type) ? Upper(value, width) : value;

    /// <summary>The lower bound of a text or binary value: its prefix.</summary>
    public static object Lower(object value, int width) => value switch
    {
        string text => CodePoints.Prefix(text, width),
        byte[] bytes when bytes.Length > width => bytes[..width],
        _ => value,
    };

    /// <summary>The upper bound of a text or binary value: a prefix with its last unit increased by one.</summary>
    /// <returns>Null if no upper bound of this length exists.</returns>
    public static object? Upper(object value, int width) => value switch
    {
        string text => Upper(text, CodePoints.Prefix(text, width)),
        byte[] bytes when bytes.Length > width => Upper(bytes[..width]),
        _ => value,
    };

    private static bool IsCut(PrimitiveType type) => type.Kind is PrimitiveKind.String or PrimitiveKind.Binary;

    private static string? Upper(string text, string prefix)
    {
        if (prefix.Length == text.Length) return text;
        var points = prefix.EnumerateRunes().Select(r => r.Value).ToList();
        for (; points.Count > 0; points.RemoveAt(points.Count - 1))
        {
            if (points[^1] == LastCodePoint) continue;
            points[^1]++;
            if (points[^1] is >= FirstSurrogate and <= LastSurrogate) points[^1] = LastSurrogate + 1;
            return string.Concat(points.Select(char.ConvertFromUtf32));
        }

        return null;
    }

    private static byte[]? Upper(byte[] prefix)
    {
        for (var length = prefix.Length; length > 0; length--)
        {
            if (prefix[length - 1] == 0xFF) continue;
            prefix[length - 1]++;
            return prefix[..length];
        }

        return null;
    }
}
