using Dlt.Golden.Harness;
using Dlt.Json;
using Xunit;

namespace Dlt.Golden.Athena;

/// <summary>
/// Runs a case with <c>merge_engine = "athena"</c>, and compares the statements of each run byte for byte, as a multiset.
/// </summary>
internal static class MergeRunner
{
    public static async Task CheckAsync(GoldenCase golden)
    {
        if (ScenarioShapes.Unknown(golden) is { } word) throw new NotDrivenException(word);
        using var runner = new ScenarioRunner(golden);
        if (golden["folder"] is not null) await runner.ContinueAsync(keepsFolder: true);
        var sent = runner.Account.Calls.Statements.Count;
        foreach (var (run, expected) in golden["runs"]!.Items.Zip(golden.Expected[MergeCase.Runs]!.Items))
        {
            var dlt = expected[MergeCase.Statements]!.Items.ToList();
            runner.Account.Merges.RowsOf = sql => RowsOf(dlt, sql);
            var error = await runner.StartAsync(run);
            Assert.True(error is null == (expected["outcome"]!.AsString() == "ok"), error?.ToString() ?? "The run did not fail.");
            var here = runner.Account.Calls.Statements.Skip(sent).ToList();
            sent += here.Count;
            DdlRunner.Compare([.. dlt.Select(s => s["sql"]!.AsString())], [.. here]);
            var queries = runner.Account.Calls.Calls.Count(c => c == DltStatement.Start);
            Assert.True(queries <= expected["queries"]!.AsInt64(), $"{queries} queries; dlt starts {expected["queries"]}.");
        }
    }

    /// <summary>Rows that a statement of dlt has changed; null for a statement that dlt does not send.</summary>
    private static long? RowsOf(List<JsonValue> dlt, string sql) =>
        dlt.Find(s => Placeholder.Matches(s["sql"]!.AsString(), sql))?["rows"] is { IsNull: false } rows ? rows.AsInt64() : null;
}
