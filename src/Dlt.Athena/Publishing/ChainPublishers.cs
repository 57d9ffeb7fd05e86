using System.Collections.Immutable;
using Dlt.Destinations.Publishing.Merging;

namespace Dlt.Destinations.Publishing;

/// <summary>The publishers of all modes. A new mode is a line here.</summary>
internal static class ChainPublishers
{
    private static readonly ImmutableArray<ChainPublisher> All =
    [
        new AppendPublisher(), new ReplacePublisher(), new TruncatePublisher(),
        .. Enum.GetValues<MergeStrategyKind>().Select(s => new MergePublisher(s)),
    ];

    /// <summary>Returns the publisher of a mode.</summary>
    /// <exception cref="DltException">Athena has no publisher for the mode.</exception>
    public static ChainPublisher Of(WriteMode mode) => All.FirstOrDefault(p => p.Mode == mode)
        ?? throw new DltException($"The destination athena cannot write tables with the mode {mode.Name}. Nothing was loaded. "
            + "Set another WriteDisposition.")
        { IsTransient = false };

    /// <summary>Returns the mode with a name, as publish objects and snapshots have it; null when no publisher has it.</summary>
    public static WriteMode? ModeOf(string? name) => All.FirstOrDefault(p => p.Mode.Name == name)?.Mode;
}
