using Xunit;

namespace Dlt.Golden.Harness;

/// <summary>Judges a case: by dlt's expectation, or by ours where a difference of <c>docs/differences.md</c> applies.</summary>
internal static class Judge
{
    /// <summary>
    /// The cases that have a test; those of a gap, and those that cannot be driven, are only counted (<see cref="Inventory"/>).
    /// </summary>
    public static TheoryData<string> Ids(IEnumerable<GoldenCase> cases)
    {
        var data = new TheoryData<string>();
        foreach (var golden in cases)
            if (Inventory.OutcomeOf(golden) is null) data.Add(golden.Id);
        return OrSkipped(data);
    }

    /// <summary>
    /// A folder of DLT_GOLDEN need not have every kind of case: a test of a kind that it lacks is skipped, where the runner counts a
    /// theory without rows as failed.
    /// </summary>
    public static TheoryData<string> OrSkipped(TheoryData<string> data)
    {
        if (!data.Any() && !GoldenFolder.IsOwn)
            data.Add(new TheoryDataRow<string>("none") { Skip = "DLT_GOLDEN has no case of this kind." });
        return data;
    }

    /// <param name="golden">The case.</param>
    /// <param name="check">Runs it, and compares what comes out with its expectation.</param>
    public static void Run(GoldenCase golden, Action<GoldenCase> check)
    {
        if (AllRefusals.Of(golden) is { } refusal)
        {
            Count(golden, Outcome.NotSupported, [refusal.Name], () => refusal.Assert!(golden));
            return;
        }

        var differences = AllDifferences.List.Where(d => d.AppliesTo(golden)).ToList();
        Count(golden, Outcome.Passed, [.. differences.Select(d => d.Name)], () => Check(golden, differences, check));
    }

    /// <summary>The case meets the expectation that all differences have rewritten, and not the one without any of them.</summary>
    internal static void Check(GoldenCase golden, IReadOnlyList<Difference> differences, Action<GoldenCase> check)
    {
        foreach (var part in Rewrite(golden, differences)) check(part);
        foreach (var difference in differences)
            Assert.True(
                Fails(Rewrite(golden, differences.Where(d => d != difference)), check),
                    $"The difference '{difference.Name}' applies to {golden.Id}, which passes without it: its predicate is too wide.");
    }

    /// <summary>A rewrite may split a case that has both refused and loaded rows.</summary>
    private static IEnumerable<GoldenCase> Rewrite(GoldenCase golden, IEnumerable<Difference> differences) =>
        differences.Aggregate<Difference,
            IEnumerable<GoldenCase>>(
                [golden], (parts, difference) => parts.SelectMany(part => difference.AppliesTo(part) ? difference.Rewrite(part) : [part]));

    private static bool Fails(IEnumerable<GoldenCase> parts, Action<GoldenCase> check)
    {
        try
        {
            foreach (var part in parts) check(part);
            return false;
        }
        catch (Exception error) when (error is not NotDrivenException)
        {
            return true;
        }
    }

    private static void Count(GoldenCase golden, Outcome outcome, string[] reasons, Action test)
    {
        try
        {
            test();
        }
        catch (NotDrivenException unknown)
        {
            Ledger.Note(golden, Outcome.NotDriven, unknown.Word);
            if (GoldenFolder.IsOwn) throw;
            Assert.Skip(unknown.Message);
        }
        catch
        {
            Ledger.Note(golden, Outcome.Failed, reasons);
            throw;
        }

        Ledger.Note(golden, outcome, reasons);
    }
}
