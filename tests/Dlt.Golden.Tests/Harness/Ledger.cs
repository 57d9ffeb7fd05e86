using System.Collections.Concurrent;

namespace Dlt.Golden.Harness;

/// <summary>The outcome of a golden case.</summary>
internal enum Outcome
{
    Passed,
    Failed,
    NotBuilt,
    NotSupported,
    NotDriven,
}

/// <summary>The outcome of every case, printed as one line per folder with its reasons.</summary>
internal static class Ledger
{
    private static readonly (Outcome Outcome, string Word)[] Words =
    [
        (Outcome.Passed, "passed"), (Outcome.Failed, "failed"), (Outcome.NotBuilt, "not built"), (Outcome.NotSupported, "not supported"),
        (Outcome.NotDriven, "not driven"),
    ];

    private static readonly ConcurrentDictionary<(string Folder, string Id), (Outcome Outcome, string[] Reasons)> Entries = new();

    /// <summary>Records the outcome of a case. A later outcome never replaces a failure.</summary>
    /// <param name="folder">Golden folder.</param>
    /// <param name="id">Case, unique in its folder.</param>
    /// <param name="outcome">Outcome of the case.</param>
    /// <param name="reasons">Names of the differences, the gap, the refusal or the unknown word behind it.</param>
    public static void Note(string folder, string id, Outcome outcome, params string[] reasons) =>
        Entries.AddOrUpdate((folder, id), (outcome, reasons), (_, known) => known.Outcome == Outcome.Failed ? known : (outcome, reasons));

    public static void Note(GoldenCase golden, Outcome outcome, params string[] reasons) =>
        Note(golden.Folder, golden.Id, outcome, reasons);

    public static void Print(TextWriter output)
    {
        foreach (var folder in Entries.GroupBy(e => e.Key.Folder).OrderBy(f => f.Key, StringComparer.Ordinal))
        {
            output.WriteLine($"golden {folder.Key}: "
                + $"{string.Join(", ", Words.Select(w => $"{folder.Count(e => e.Value.Outcome == w.Outcome)} {w.Word}"))}");
            foreach (var (outcome, word) in Words.Where(w => w.Outcome != Outcome.Failed))
            {
                var reasons = folder.Where(e => e.Value.Outcome == outcome).SelectMany(e => e.Value.Reasons).GroupBy(r => r);
                foreach (var reason in reasons.OrderBy(r => r.Key, StringComparer.Ordinal))
                    output.WriteLine($"  {word}{(outcome == Outcome.Passed ? " by difference" : "")} {reason.Key}: {reason.Count()}");
            }
        }

        var judged = Entries.Values.Where(e => e.Outcome is Outcome.Passed or Outcome.Failed).SelectMany(e => e.Reasons);
        var unused = AllDifferences.List.Select(d => d.Name).Except(judged).Order(StringComparer.Ordinal).ToList();
        if (unused.Count > 0) output.WriteLine($"  {unused.Count} differences that no case needed: {string.Join(", ", unused)}");
    }
}
