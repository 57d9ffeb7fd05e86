using System.Collections.Immutable;

namespace Dlt.Destinations.Publishing;

/// <summary>Another load that has a publish object.</summary>
/// <param name="LastModified">When its object was written, by the clock of the store.</param>
/// <param name="Content">What it says; null where that cannot matter.</param>
internal sealed record OtherLoad(DateTimeOffset LastModified, PublishObject? Content);

/// <summary>What a load knows of the others at one moment.</summary>
internal sealed record ConcurrentLoads
{
    /// <summary>The load itself.</summary>
    public required PublishObject Own { get; init; }

    /// <summary>When it began, by the clock of the store.</summary>
    public required DateTimeOffset Began { get; init; }

    /// <summary>Loads that were complete when it began.</summary>
    public required IReadOnlySet<string> CompleteBefore { get; init; }

    /// <summary>Loads that are complete now.</summary>
    public required IReadOnlySet<string> Complete { get; init; }

    /// <summary>The others, by load id.</summary>
    public ImmutableSortedDictionary<string, OtherLoad> Others { get; init; } = ImmutableSortedDictionary<string, OtherLoad>.Empty;

    /// <summary>True when a load that may still write, or may have written meanwhile, was seen.</summary>
    public bool AnyBeside => Others.Keys.Any(id => !CompleteBefore.Contains(id));
}
