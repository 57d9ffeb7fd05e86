using Dlt.Golden.Athena;
using Dlt.Golden.Pipelines;
using Dlt.Golden.Rest;
using Dlt.Golden.Units;

namespace Dlt.Golden.Harness;

/// <summary>All golden cases, with the outcomes that are known before a run.</summary>
internal static class Inventory
{
    public static IEnumerable<GoldenCase> Cases() =>
        UnitFile.Names.SelectMany(UnitFile.Cases).Concat(PipelineCase.All()).Concat(EndStateCase.All())
            .Concat(AthenaCase.All()).Concat(RestCase.All()).Concat(OtherFolders.Cases());

    /// <summary>The outcome of a case that is not run; null for one that is.</summary>
    public static (Outcome Outcome, string Reason)? OutcomeOf(GoldenCase golden)
    {
        if (AllRefusals.List.FirstOrDefault(r => r.Assert is null && r.AppliesTo(golden)) is { } refusal) return (
            Outcome.NotSupported, refusal.Name);
        if (AllGaps.Of(golden) is { } gap) return (Outcome.NotBuilt, gap.Feature);
        return UnknownWord(golden) is { } word ? (Outcome.NotDriven, word) : null;
    }

    /// <summary>Records the cases that are not run.</summary>
    public static void Count()
    {
        foreach (var golden in Cases())
            if (OutcomeOf(golden) is var (outcome, reason)) Ledger.Note(golden, outcome, reason);
        foreach (var (folder, files) in OtherFolders.Unknown())
            foreach (var file in files) Ledger.Note(folder, file, Outcome.NotDriven, $"the folder '{folder}'");
    }

    private static string? UnknownWord(GoldenCase golden)
    {
        try
        {
            if (golden.Folder == UnitFile.Folder) return UnitShapes.Unknown(golden);
            if (AthenaCase.Is(golden)) return ScenarioShapes.Unknown(golden);
            return golden.Folder == PipelineCase.Folder ? PipelineShapes.Unknown(golden) : null;
        }
        catch (NotDrivenException unknown)
        {
            return unknown.Word;
        }
    }
}
