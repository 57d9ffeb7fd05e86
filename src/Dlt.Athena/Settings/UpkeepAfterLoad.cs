using System.Collections.Immutable;

namespace Dlt.Destinations.Settings;

/// <summary>
/// Values of the setting <c>maintenance</c>: what a load does with the Iceberg tables that it changed, after it is complete.
/// </summary>
internal static class UpkeepAfterLoad
{
    /// <summary>Nothing.</summary>
    public const string Off = "off";

    /// <summary>Merges small files where enough have piled up.</summary>
    public const string Compact = "compact";

    /// <summary>The same, and old snapshots expire.</summary>
    public const string CompactAndExpire = "compact-and-expire";

    /// <summary>All values.</summary>
    public static ImmutableArray<string> All { get; } = [Off, Compact, CompactAndExpire];
}
