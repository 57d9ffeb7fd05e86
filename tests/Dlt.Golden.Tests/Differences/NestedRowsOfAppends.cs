using Dlt.Golden.Harness;
using Dlt.Golden.Pipelines;
using Dlt.Json;

namespace Dlt.Golden.Differences;

/// <summary>
/// A table with nested rows that was appended to is merged. In dlt the load fails in an engine that checks NOT NULL, because the nested
/// rows have no id of their root row.
/// </summary>
internal sealed class NestedRowsOfAppends() : Difference("nested-rows-of-appends")
{
    public override bool AppliesTo(GoldenCase golden) =>
        EndStateCase.Is(golden) && golden.Expected.Members.Any(run => IsRefused(run.Value));

    /// <summary>The rows of the run's package are in the tables; those of the earlier ones are tested in Dlt.Tests.</summary>
    public override IEnumerable<GoldenCase> Rewrite(GoldenCase golden) => [golden.WithExpected(GoldenJson.MapMembers(
        golden.Expected, (_, run) => !IsRefused(run) ? run
            : JsonValue.Object(("error", JsonValue.Null), ("tables", JsonValue.Null), ("package", run["package"]!))))];

    private static bool IsRefused(JsonValue run) => run["error"] is { Kind: JsonKind.Array } chain && chain.Items.Any(
        e => e["message"]!.AsString().Contains("NOT NULL constraint failed", StringComparison.Ordinal)
            && e["message"]!.AsString().Contains("._dlt_root_id", StringComparison.Ordinal));
}
