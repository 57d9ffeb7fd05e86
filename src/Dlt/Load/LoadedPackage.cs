using Dlt.Packages;

namespace Dlt.Load;

/// <summary>What loading one package did.</summary>
internal sealed record LoadedPackage(
    string LoadId, string SchemaName, string SchemaHash, IReadOnlyDictionary<string, long> RowCounts, int Jobs, DateTimeOffset StartedAt,
        DateTimeOffset FinishedAt)
{
    /// <summary>What the load changed beside adding rows.</summary>
    public required LoadChanges Changes { get; init; }

    /// <summary>What the run that extracted it was for; null where it did not say.</summary>
    public RunKey? RunKey { get; init; }
}
