using System.Collections.Immutable;

namespace Dlt.Destinations.Settings;

/// <summary>Values of the setting <c>hive_partitions</c>: where the partitions of a new external table are listed.</summary>
internal static class HivePartitions
{
    /// <summary>Athena computes them by rules in the properties of the table (partition projection).</summary>
    public const string Projection = "projection";

    /// <summary>The catalog lists each of them.</summary>
    public const string Glue = "glue";

    /// <summary>All values.</summary>
    public static ImmutableArray<string> All { get; } = [Projection, Glue];
}
