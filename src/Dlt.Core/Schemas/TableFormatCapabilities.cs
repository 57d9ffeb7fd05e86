using System.Collections.Immutable;

namespace Dlt.Schemas;

/// <summary>Describes the features of a destination for tables of one format, and the requirements for their files.</summary>
public sealed record TableFormatCapabilities
{
    /// <summary>A format without merge, whose files follow the columns.</summary>
    public static TableFormatCapabilities Plain { get; } = new();

    /// <summary>Supported merge strategies; the first is the default. If empty, rows to merge are appended.</summary>
    public ImmutableArray<MergeStrategyKind> MergeStrategies { get; init; } = [];

    /// <summary>Fraction digits of every timestamp in files, 0 to 6; null to follow the column.</summary>
    public int? TimestampPrecision { get; init; }

    /// <summary>
    /// True when decimals of up to 18 digits are stored as integers in files; false when all decimals are fixed-length bytes.
    /// </summary>
    public bool HasIntegerDecimals { get; init; }
}
