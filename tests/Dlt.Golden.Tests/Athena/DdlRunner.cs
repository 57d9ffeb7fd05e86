using Dlt.Golden.Harness;
using Dlt.Json;
using Xunit;

namespace Dlt.Golden.Athena;

/// <summary>Runs a scenario with <c>ddl = "athena"</c>, and compares the statements as a multiset, and the numbers of queries.</summary>
internal static class DdlRunner
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static async Task CheckAsync(GoldenCase golden)
    {
        if (ScenarioShapes.Unknown(golden) is { } word) throw new NotDrivenException(word);
        using var runner = new ScenarioRunner(golden);
        var (ours, theirs) = (0L, 0L);
        foreach (var (run, expected) in golden["runs"]!.Items.Zip(golden.Expected[DdlCase.Runs]!.Items))
        {
            await runner.StartAsync(run);
            ours += runner.Account.Calls.Calls.Count(c => c == DltStatement.Start);
            theirs += expected["queries"]!.AsInt64();
            // A run in which dlt fails half-way belongs to the next one, which does the rest.
            if (expected["outcome"]!.AsString() != "ok") continue;
            Assert.True(ours <= theirs, $"{ours} queries; dlt starts {theirs}.");
            (ours, theirs) = (0, 0);
        }

        var dlt = golden.Expected[DdlCase.Statements]!.Items.Select(s => s.AsString());
        var here = DdlCase.OfMainDataset(runner.Account.Calls.Statements, runner.StagingLayout);
        // After a fault a statement that was under way is sent again.
        if (AthenaCase.HasFaults(golden)) Compare([.. dlt.Distinct()], [.. here.Distinct()]);
        else Compare([.. dlt], [.. here]);
    }

    public static void Compare(List<string> expected, List<string> actual)
    {
        var missing = expected.Where(e => !Take(actual, e)).ToList();
        Assert.True(
            missing.Count == 0 && actual.Count == 0,
            $"dlt sends\n{string.Join('\n', missing)}\nand here are\n{string.Join('\n', actual)}");
    }

    private static bool Take(List<string> actual, string expected) =>
        actual.FindIndex(a => Placeholder.Matches(expected, a)) is >= 0 and var at && RemoveAt(actual, at);

    private static bool RemoveAt(List<string> list, int at)
    {
        list.RemoveAt(at);
        return true;
    }
}
