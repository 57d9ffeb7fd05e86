using System.Globalization;

namespace Dlt.Iceberg;

/// <summary>The metrics that manifests keep for a column (docs/spec/iceberg.md 2.5): none, counts, or counts and bounds.</summary>
/// <param name="HasCounts">True if counts of values, nulls and NaNs are kept.</param>
/// <param name="Width">Length of text and binary bounds in characters or bytes; null for full bounds, 0 for no bounds.</param>
internal readonly record struct MetricsMode(bool HasCounts, int? Width)
{
    private const int DefaultWidth = 16;
    private const string TruncatePrefix = "truncate(";

    public static MetricsMode None => new(false, 0);

    public static MetricsMode Counts => new(true, 0);

    public static MetricsMode Full => new(true, null);

    public static MetricsMode Default => new(true, DefaultWidth);

    public bool HasBounds => Width != 0;

    /// <summary>Parses <c>none</c>, <c>counts</c>, <c>full</c> or <c>truncate(n)</c>; null for other texts.</summary>
    public static MetricsMode? TryParse(string? text)
    {
        var mode = text?.Trim().ToLowerInvariant();
        switch (mode)
        {
            case "none": return None;
            case "counts": return Counts;
            case "full": return Full;
        }

        if (mode?.StartsWith(TruncatePrefix, StringComparison.Ordinal) != true || !mode.EndsWith(')')) return null;
        var number = mode.AsSpan(TruncatePrefix.Length, mode.Length - TruncatePrefix.Length - 1);
        var isNumber = int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var width);
        return isNumber && width > 0 ? new(true, width) : null;
    }
}
