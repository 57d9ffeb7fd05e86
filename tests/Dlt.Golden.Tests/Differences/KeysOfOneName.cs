using Dlt.Golden.Harness;
using Dlt.Golden.Pipelines;
using Dlt.Json;

namespace Dlt.Golden.Differences;

/// <summary>
/// Two keys of one item with one name and different values: the item is refused with both paths; dlt keeps one of the values.
/// </summary>
internal sealed class KeysOfOneName() : Difference("keys-of-one-name")
{
    public override bool AppliesTo(GoldenCase golden)
    {
        if (CaseNames.IsNormalizer(golden)) return golden.Expected["error"] is null && CaseNames.Flat(golden).Conflict is not null;
        return PipelineCase.Is(golden) && RunOf(golden) is not null;
    }

    public override IEnumerable<GoldenCase> Rewrite(GoldenCase golden)
    {
        if (CaseNames.IsNormalizer(golden))
        {
            yield return golden.WithExpected(JsonValue.Object(("error", Error(CaseNames.Flat(golden).Conflict!))));
            yield break;
        }

        var (run, conflict) = RunOf(golden)!.Value;
        yield return RefusedItems.InRun(golden, run, Error(conflict));
    }

    private static (int Run, NameConflict Conflict)? RunOf(GoldenCase golden)
    {
        var runs = CaseNames.FlatRuns(golden);
        for (var run = 0; run < runs.Count; run++)
            if (runs[run].Conflict is { } conflict && RefusedItems.IsFinished(golden, run)) return (run, conflict);
        return null;
    }

    private static JsonValue Error(NameConflict conflict) => RefusedItems.Error(
        ErrorOutcome.KeysOfOneName, $"first `{conflict.First}` second `{conflict.Second}` name `{conflict.Name}`");
}
