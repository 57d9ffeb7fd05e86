using System.Collections.Immutable;

namespace Dlt.Destinations.Publishing;

/// <summary>Another load that has a publish object.</summary>
/// <param name="LastModified">Time when its object was written, by the clock of the store.</param>
/// <param name="Content">Its publish object; null if its content cannot matter.</param>
internal sealed record OtherLoad(DateTimeOffset LastModified, PublishObject? Content)
{
    /// <summary>True for a load without a publish object, which <see cref="UnrecordedReplaces"/> found.</summary>
    public bool IsUnrecorded { get; init; }
}

/// <summary>The other loads of a dataset, as seen by one load at one moment.</summary>
internal sealed record ConcurrentLoads
{
    /// <summary>The load that looks.</summary>
    public required PublishObject Own { get; init; }

    /// <summary>Time when that load began, by the clock of the store.</summary>
    public required DateTimeOffset Began { get; init; }

    /// <summary>Loads that were complete when that load began.</summary>
    public required IReadOnlySet<string> CompleteBefore { get; init; }

    /// <summary>Loads that are complete now.</summary>
    public required IReadOnlySet<string> Complete { get; init; }

    /// <summary>The other loads by load id.</summary>
    public ImmutableSortedDictionary<string, OtherLoad> Others { get; init; } = ImmutableSortedDictionary<string, OtherLoad>.Empty;

    /// <summary>True when another load may still write, or may have written since this one began.</summary>
    public bool HasConcurrentLoads => Others.Keys.Any(id => !CompleteBefore.Contains(id));
}
