using System.Text.RegularExpressions;
using Dlt.Golden.Athena;
using Dlt.Golden.Harness;
using Dlt.Json;

namespace Dlt.Golden.Differences;

/// <summary>The column of a hard delete is in quotes in every statement; dlt forgets them where it chooses one of several rows.</summary>
internal sealed partial class HardDeleteColumnInQuotes() : Difference("hard-delete-column-in-quotes")
{
    public override bool AppliesTo(GoldenCase golden) => MergeCase.Is(golden) && GoldenJson.Any(
        golden.Expected, v => v.Kind == JsonKind.String && Bare().IsMatch(v.AsString()));

    public override IEnumerable<GoldenCase> Rewrite(GoldenCase golden) => [golden.WithExpected(GoldenJson.Map(
        golden.Expected, v => v.Kind == JsonKind.String ? JsonValue.String(Bare().Replace(v.AsString(), ", \"$1\"$2")) : null))];

    [GeneratedRegex("(?<=AS _dlt_dedup_rn, \"\\w+\"), (\\w+)( +FROM )")]
    private static partial Regex Bare();
}
