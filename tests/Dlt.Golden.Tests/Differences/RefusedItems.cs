using Dlt.Golden.Harness;
using Dlt.Golden.Pipelines;
using Dlt.Json;

namespace Dlt.Golden.Differences;

/// <summary>
/// Cases with an item that is refused here: a case of the normaliser fails as a whole, a pipeline in the run of the item.
/// </summary>
internal static class RefusedItems
{
    public static JsonValue Error(string name, string message) =>
        JsonValue.Object(("error", JsonValue.String(name)), ("message", JsonValue.String(message)));

    /// <summary>Runs after the refused one are left out: its package waits, where dlt has loaded it.</summary>
    public static GoldenCase InRun(GoldenCase golden, int run, JsonValue error)
    {
        var cut = golden.WithInput(golden.Input.With("runs", JsonValue.Array([.. golden["runs"]!.Items.Take(run + 1)])));
        return PipelineEdit.MapRuns(cut, (n, files) => n < run ? files : JsonValue.Object(("run.json", JsonValue.Object(
            ("ok", JsonValue.Bool(false)),
            ("extract_row_counts", files["run.json"]!["extract_row_counts"] ?? JsonValue.EmptyObject),
            ("error", JsonValue.Array([error]))))));
    }

    /// <summary>Whether dlt finishes a run.</summary>
    public static bool IsFinished(GoldenCase golden, int run) => EndStateCase.Is(golden)
        ? golden.Expected[$"run{run + 1}"]?["error"] is { IsNull: true }
        : PipelineCase.IsOfAthena(golden) && golden.Expected[$"run{run + 1}"]?["run.json"]?["ok"] is { Kind: JsonKind.True };
}
