using System.Text;

namespace Dlt.Parquet.Metrics;

/// <summary>
/// Computes bounds of texts and bytes, cut to 64 bytes. Texts are cut between characters, and their upper bound is a valid text.
/// </summary>
internal static class TextBounds
{
    private const int MaxBytes = 64;
    private const int MaxWholeBytes = 4096;
    private const int FirstSurrogate = 0xD800;
    private const int AfterSurrogates = 0xE000;
    private const int LastCodePoint = 0x10FFFF;

    /// <param name="min">Smallest value in the order of bytes.</param>
    /// <param name="max">Largest value in the order of bytes.</param>
    /// <param name="isText">True when the values are UTF-8.</param>
    public static ColumnBounds Of(ReadOnlySpan<byte> min, ReadOnlySpan<byte> max, bool isText)
    {
        var lower = Prefix(min, isText);
        var upper = Prefix(max, isText);
        var bound = upper.Length == max.Length ? null : Above(upper, isText);
        var isWhole = bound is null && max.Length <= MaxWholeBytes;   // short, or without a shorter upper bound
        return new(lower.ToArray(), isWhole ? max.ToArray() : bound, lower.Length == min.Length, isWhole);
    }

    private static ReadOnlySpan<byte> Prefix(ReadOnlySpan<byte> value, bool isText)
    {
        if (value.Length <= MaxBytes) return value;
        var at = MaxBytes;
        while (isText && at > 0 && (value[at] & 0xC0) == 0x80) at--;
        return value[..at];
    }

    /// <summary>
    /// Returns the smallest value above all values with this prefix that is not longer than the prefix; null when there is none.
    /// </summary>
    private static byte[]? Above(ReadOnlySpan<byte> prefix, bool isText)
    {
        for (; !prefix.IsEmpty; prefix = prefix[..^1])
        {
            if (isText && NextText(ref prefix) is { } text) return text;
            if (prefix.IsEmpty) return null;
            if (prefix[^1] == byte.MaxValue) continue;
            var bound = prefix.ToArray();
            bound[^1]++;
            return bound;
        }

        return null;
    }

    /// <summary>Increments the last character; characters that cannot be incremented are removed.</summary>
    /// <returns>The incremented character; null when no character is left, or when the bytes are not valid UTF-8.</returns>
    private static byte[]? NextText(ref ReadOnlySpan<byte> prefix)
    {
        while (Rune.DecodeLastFromUtf8(prefix, out var rune, out var length) == System.Buffers.OperationStatus.Done)
        {
            prefix = prefix[..^length];
            if (rune.Value == LastCodePoint) continue;
            var next = new Rune(rune.Value + 1 == FirstSurrogate ? AfterSurrogates : rune.Value + 1);
            Span<byte> encoded = stackalloc byte[4];
            return [.. prefix, .. encoded[..next.EncodeToUtf8(encoded)]];
        }

        return null;
    }
}
