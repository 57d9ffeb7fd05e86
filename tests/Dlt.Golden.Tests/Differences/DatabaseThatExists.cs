using Dlt.Golden.Athena;
using Dlt.Golden.Harness;
using Dlt.Json;

namespace Dlt.Golden.Differences;

/// <summary>
/// A run that fails while it creates the database keeps its package, and the next run loads it. In dlt the next run finds no dataset, and
/// deletes the working folder with the package.
/// </summary>
internal sealed class DatabaseThatExists() : Difference("package-without-dataset")
{
    public override bool AppliesTo(GoldenCase golden) => AthenaCase.IsScenario(golden)
        && golden["runs"]!.Items[0]["faults"] is { Kind: JsonKind.Array } faults
        && faults.Items.Any(f => f["match"]!.AsString().Contains("CREATE DATABASE", StringComparison.Ordinal))
        && golden.Expected["end_state"]!.Members.Count == 0;

    public override IEnumerable<GoldenCase> Rewrite(GoldenCase golden) => [AthenaEdit.Loaded(golden)];
}
