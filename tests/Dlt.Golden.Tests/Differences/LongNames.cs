using System.Text.RegularExpressions;
using Dlt.Golden.Harness;
using Dlt.Golden.Pipelines;
using Dlt.Json;

namespace Dlt.Golden.Differences;

/// <summary>Files of tables with long names are written; dlt fails, since their names are longer than a file system allows.</summary>
internal sealed partial class LongNames() : Difference("long-names")
{
    public override bool AppliesTo(GoldenCase golden) => PipelineCase.Is(golden) && golden.Expected.Members.Any(r => IsTooLong(r.Value));

    /// <summary>The shortened name is the name in dlt's error; every item and every element of a list is a row.</summary>
    public override IEnumerable<GoldenCase> Rewrite(GoldenCase golden) =>
        [PipelineEdit.MapRuns(
            golden, (run, files) => IsTooLong(files) ? JsonValue.Object(("run.json", Outcome(golden, run, files["run.json"]!))) : files)];

    private static JsonValue Outcome(GoldenCase golden, int run, JsonValue outcome) => JsonValue.Object(
        ("ok", JsonValue.Bool(true)),
        ("extract_row_counts", outcome["extract_row_counts"] ?? JsonValue.EmptyObject),
        (PipelineEdit.OurTables,
            JsonValue.Array([JsonValue.String(TableName().Match(outcome["error"]!.Items[^1]["message"]!.AsString()).Groups[1].Value)])),
        (PipelineEdit.OurRows, JsonValue.Integer(PipelineCase.Items(golden).Where(i => i.Run == run).Sum(i => RowsOf(i.Item)))));

    private static bool IsTooLong(JsonValue files) =>
        files["run.json"]!["error"] is { Kind: JsonKind.Array } chain
            && chain.Items.Any(e => e["message"]!.AsString().Contains("File name too long", StringComparison.Ordinal));

    private static long RowsOf(JsonValue item) => 1 + ChildrenOf(item);

    private static long ChildrenOf(JsonValue value) => value.Kind switch
    {
        JsonKind.Object => value.Members.Sum(m => ChildrenOf(m.Value)),
        JsonKind.Array => value.Items.Sum(RowsOf),
        _ => 0,
    };

    [GeneratedRegex(@"new_jobs/([^.]+)\.")]
    private static partial Regex TableName();
}
