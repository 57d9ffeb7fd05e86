using Dlt.Golden.Athena;
using Dlt.Golden.Harness;
using Dlt.Json;

namespace Dlt.Golden.Differences;

/// <summary>
/// Rows for a table that is stored in the other format are refused before they are extracted. dlt copies them from its staging table into
/// external files, or loses them.
/// </summary>
internal sealed class FormatOfStoredTable() : Difference("format-of-a-stored-table")
{
    public override bool AppliesTo(GoldenCase golden) => AthenaCase.IsScenario(golden) && Switch(golden) is not null;

    public override IEnumerable<GoldenCase> Rewrite(GoldenCase golden)
    {
        var (run, table) = Switch(golden)!.Value;
        yield return AthenaEdit.Refused(golden, run, ErrorOutcome.FormatOfStoredTable, $"table `{table}`");
    }

    /// <summary>The last run, when it gives a table another format than an earlier run did.</summary>
    private static (int Run, string Table)? Switch(GoldenCase golden)
    {
        var runs = golden["runs"]!.Items;
        var last = runs.Length - 1;
        foreach (var resource in AthenaEdit.Resources(runs[last]))
        {
            if (FormatOf(resource) is not { } format) continue;
            var name = resource["name"]!.AsString();
            var earlier = runs.Take(last).SelectMany(AthenaEdit.Resources).Where(r => r["name"]!.AsString() == name).Select(FormatOf);
            if (earlier.Any(f => IsIceberg(f) != IsIceberg(format))) return (last, name);
        }

        return null;
    }

    private static bool IsIceberg(string? format) => format == "iceberg";

    private static string? FormatOf(JsonValue resource) =>
        resource["table_format"] is { Kind: JsonKind.String } format ? format.AsString() : null;
}
