using Dlt.Golden.Harness;
using Dlt.Json;
using Xunit;

namespace Dlt.Golden.Pipelines;

/// <summary>Extracts and normalises the runs of a case of dlt/pipelines, and compares each with its expectation.</summary>
internal static class PipelineRunner
{
    public static async Task CheckAsync(GoldenCase golden)
    {
        if (PipelineShapes.Unknown(golden) is { } word) throw new NotDrivenException(word);
        using var caseRuns = new CaseRuns(golden);
        var checks = new PipelineChecks(caseRuns.WorkingFolder, caseRuns.RandomIds);
        var runs = golden["runs"]!.Items;
        for (var r = 0; r < runs.Length; r++)
        {
            var expected = golden.Expected[$"run{r + 1}"] ?? throw new NotDrivenException($"a case without the expectation 'run{r + 1}'");
            await caseRuns.RunAsync(runs[r], (open, error) => Check(open, error, expected["run.json"]!));
            checks.Check(expected);
            foreach (var place in new[] { "import", "export" })
                if (expected[place] is { } files) PipelineChecks.SchemaFiles(files, Path.Combine(caseRuns.Folder, place));
            foreach (var edit in runs[r]["edit_import"]?.Items ?? []) Edit(
                Path.Combine(caseRuns.Folder, "import"), edit.Items[0].AsString(), edit.Items[1].AsString());
        }
    }

    private static void Check(PipelineRun open, Exception? error, JsonValue expected)
    {
        if (expected["error"] is { Kind: JsonKind.Array } chain) ErrorOutcome.Check(JsonValue.Object(("errors", chain)), error);
        else Assert.True(error is null, $"No error was expected: {error}");
        if (expected["extract_row_counts"] is { } rows && open.Extracted.Count > 0) AssertCounts(rows, open.Extracted[^1].RowCounts);
        if (expected["normalize_row_counts"] is { } normalized && open.Normalized.Count > 0) AssertCounts(
            normalized, Sum(open.Normalized.Select(n => n.RowCounts)));
    }

    private static Dictionary<string, long> Sum(IEnumerable<IReadOnlyDictionary<string, long>> counts) =>
        counts.SelectMany(c => c).GroupBy(c => c.Key).ToDictionary(g => g.Key, g => g.Sum(c => c.Value));

    private static void AssertCounts(JsonValue expected, IReadOnlyDictionary<string, long> actual) => Assert.Equal(
        string.Join('\n', expected.Members.Select(m => $"{m.Key} {m.Value}").Order(StringComparer.Ordinal)),
        string.Join('\n', actual.Select(m => $"{m.Key} {m.Value}").Order(StringComparer.Ordinal)));

    private static void Edit(string folder, string from, string to)
    {
        foreach (var file in Directory.GetFiles(folder)) File.WriteAllText(
            file, File.ReadAllText(file).Replace(from, to, StringComparison.Ordinal));
    }
}
