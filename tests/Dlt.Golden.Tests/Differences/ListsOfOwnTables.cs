using Dlt.Golden.Harness;
using Dlt.Golden.Pipelines;
using Dlt.Json;

namespace Dlt.Golden.Differences;

/// <summary>A list for a table of its own, and rows of their own for the table of a list, are refused; dlt mixes them.</summary>
internal sealed class ListsOfOwnTables() : Difference("lists-of-own-tables")
{
    public override bool AppliesTo(GoldenCase golden)
    {
        if (CaseNames.IsNormalizer(golden)) return golden.Expected["error"] is null && OfNormalizer(golden) is not null;
        return PipelineCase.Is(golden) && OfPipeline(golden) is not null;
    }

    public override IEnumerable<GoldenCase> Rewrite(GoldenCase golden)
    {
        if (CaseNames.IsNormalizer(golden))
        {
            yield return golden.WithExpected(JsonValue.Object(("error", Error(OfNormalizer(golden)!.Value))));
            yield break;
        }

        var (run, clash) = OfPipeline(golden)!.Value;
        yield return RefusedItems.InRun(golden, run, Error(clash));
    }

    /// <summary>Tables are declared in the settings, with their parents.</summary>
    private static (string Table, string Parent)? OfNormalizer(GoldenCase golden)
    {
        if (golden["settings"]!["tables"] is not { Kind: JsonKind.Array } tables) return null;
        JsonValue? Declared(string name) => tables.Items.FirstOrDefault(t => t["name"]!.AsString() == name);
        var root = CaseNames.Table(CaseNames.Of(golden), golden["table"]!.AsString()).Ours;
        if (Declared(root)?["parent"] is { Kind: JsonKind.String } parent) return (root, parent.AsString());
        var resource = Declared(root)?["resource"] is { Kind: JsonKind.String } own ? own.AsString() : root;
        foreach (var list in CaseNames.Flat(golden).Lists)
        {
            if (Declared(list.Table) is { } table && table["parent"] is null && table["resource"]?.AsString() != resource)
                return (list.Table, list.Parent);
        }

        return null;
    }

    /// <summary>A table of a resource that is the table of a list of another one, in this run or an earlier one.</summary>
    private static (int Run, (string Table, string Parent) Clash)? OfPipeline(GoldenCase golden)
    {
        var roots = new HashSet<string>();
        var lists = new HashSet<(string Table, string Parent, string Root)>();
        var runs = CaseNames.FlatRuns(golden);
        var names = CaseNames.Of(golden);
        for (var run = 0; run < runs.Count; run++)
        {
            roots.UnionWith(PipelineCase.Items(golden).Where(i => i.Run == run).Select(i => CaseNames.Table(names, i.Table).Ours));
            lists.UnionWith(runs[run].Lists);
            var clash = lists.FirstOrDefault(l => roots.Contains(l.Table) && l.Root != l.Table);
            if (clash.Table is not null && RefusedItems.IsFinished(golden, run)) return (run, (clash.Table, clash.Parent));
        }

        return null;
    }

    private static JsonValue Error((string Table, string Parent) clash) =>
        RefusedItems.Error(ErrorOutcome.ListsOfOwnTables, $"table `{clash.Table}` parent `{clash.Parent}`");
}
