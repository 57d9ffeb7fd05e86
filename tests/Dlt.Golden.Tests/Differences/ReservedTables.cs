using Dlt.Golden.Harness;
using Dlt.Golden.Pipelines;
using Dlt.Json;

namespace Dlt.Golden.Differences;

/// <summary>
/// Rows for a table with a name of dlt's own are refused before they are extracted; dlt fails when it writes their file, and again in
/// every run.
/// </summary>
internal sealed class ReservedTables() : Difference("reserved-tables")
{
    private const string Prefix = "_dlt";

    public override bool AppliesTo(GoldenCase golden) =>
        PipelineCase.Is(golden) && PipelineCase.IsOfAthena(golden) && First(golden) is not null;

    public override IEnumerable<GoldenCase> Rewrite(GoldenCase golden)
    {
        var (run, table) = First(golden)!.Value;
        yield return RefusedItems.InRun(golden, run, RefusedItems.Error(ErrorOutcome.ReservedTables, $"table `{table}`"));
    }

    private static (int Run, string Table)? First(GoldenCase golden) => PipelineCase.Items(golden)
        .Where(i => PipelineEdit.Identifier(i.Table).StartsWith(Prefix, StringComparison.Ordinal))
        .Select(i => ((int, string)?)(i.Run, i.Table)).FirstOrDefault();
}
