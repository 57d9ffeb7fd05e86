using System.Collections.Immutable;

namespace Dlt.Schemas;

/// <summary>What a destination can do with tables of one format, and what their files must look like.</summary>
public sealed record TableFormatCapabilities
{
    /// <summary>A format without merge, whose files follow the columns.</summary>
    public static TableFormatCapabilities Plain { get; } = new();

    /// <summary>Supported strategies; the first is the default. Empty: rows to merge are appended.</summary>
    public ImmutableArray<MergeStrategyKind> MergeStrategies { get; init; } = [];

    /// <summary>Fraction digits of every timestamp in files, 0 to 6; null: as the column says.</summary>
    public int? TimestampPrecision { get; init; }

    /// <summary>True: decimals of up to 18 digits are stored as integers in files; false: as bytes of fixed length.</summary>
    public bool HasIntegerDecimals { get; init; }
}
