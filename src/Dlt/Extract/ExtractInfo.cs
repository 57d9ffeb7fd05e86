using System.Collections.Immutable;

namespace Dlt.Extract;

/// <summary>Result of an extract step: load id, extracted rows by table, start and end.</summary>
internal sealed record ExtractInfo(PipelineContext Pipeline, string LoadId, IReadOnlyDictionary<string, long> RowCounts,
    DateTimeOffset StartedAt, DateTimeOffset FinishedAt)
{
    /// <summary>Items that cursors did not load although no other run will.</summary>
    public ImmutableArray<SkippedRows> Skipped { get; init; } = [];

    /// <summary>Returns the text that Python dlt prints, with the package lines only (docs/spec/pipeline.md 13.3).</summary>
    public override string ToString() =>
        $"\nLoad package {LoadId} is EXTRACTED and NOT YET LOADED to the destination and contains no failed jobs";
}
