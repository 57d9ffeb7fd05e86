using Dlt.Json;

namespace Dlt.Extract;

/// <summary>What an extract step did.</summary>
internal sealed record ExtractInfo(PipelineContext Pipeline, string LoadId, IReadOnlyDictionary<string, long> RowCounts,
    DateTimeOffset StartedAt, DateTimeOffset FinishedAt)
{
    /// <summary>dlt's text: the package lines only (docs/spec/pipeline.md 13.3).</summary>
    public override string ToString() =>
        $"\nLoad package {LoadId} is EXTRACTED and NOT YET LOADED to the destination and contains no failed jobs";
}
