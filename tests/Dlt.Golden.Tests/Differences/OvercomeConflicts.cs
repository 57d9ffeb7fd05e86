using Dlt.Golden.Athena;
using Dlt.Golden.Harness;
using Dlt.Json;

namespace Dlt.Golden.Differences;

/// <summary>
/// A conflict of commits is overcome within the run. dlt ends the run, and its next run loads the package that waits instead of new data.
/// </summary>
internal sealed class OvercomeConflicts() : Difference("conflicts-are-overcome")
{
    public override bool AppliesTo(GoldenCase golden) => AthenaCase.IsScenario(golden) && RunsThatRepeat(golden).Any();

    public override IEnumerable<GoldenCase> Rewrite(GoldenCase golden)
    {
        var repeat = RunsThatRepeat(golden).ToHashSet();
        yield return golden.WithInput(golden.Input.With("runs", JsonValue.Array(
            [.. golden["runs"]!.Items.Select((run, i) => repeat.Contains(i) ? run.With("no_data", JsonValue.Bool(true)) : run)])));
    }

    /// <summary>The runs whose data dlt ignores, because the run before failed by a conflict.</summary>
    private static IEnumerable<int> RunsThatRepeat(GoldenCase golden)
    {
        var runs = golden["runs"]!.Items;
        return Enumerable.Range(1, Math.Max(0, runs.Length - 1)).Where(i => runs[i]["no_data"] is null
            && AthenaEdit.Resources(runs[i]).Any()
            && golden.Expected["runs"]!.Items[i - 1]["outcome"]!.AsString() != "ok"
            && (runs[i - 1]["faults"]?.Items ?? []).Any(f =>
                f["message"]!.AsString().Contains("ICEBERG_COMMIT_ERROR", StringComparison.Ordinal)));
    }
}
