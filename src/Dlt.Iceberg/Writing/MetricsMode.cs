using System.Globalization;

namespace Dlt.Iceberg;

/// <summary>What manifests keep of a column (docs/spec/iceberg.md 2.5): nothing, counts, or counts and bounds.</summary>
/// <param name="HasCounts">True for counts of values, nulls and NaNs.</param>
/// <param name="Width">Characters or bytes of a bound of a text or of bytes; null for whole ones, 0 for no bounds.</param>
internal readonly record struct MetricsMode(bool HasCounts, int? Width)
{
    private const int DefaultWidth = 16;
    private const string TruncatePrefix = "truncate(";

    public static MetricsMode None => new(false, 0);

    public static MetricsMode Counts => new(true, 0);

    public static MetricsMode Full => new(true, null);

    public static MetricsMode Default => new(true, DefaultWidth);

    public bool HasBounds => Width != 0;

    /// <summary><c>none</c>, <c>counts</c>, <c>full</c> or <c>truncate(n)</c>; null for anything else.</summary>
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
