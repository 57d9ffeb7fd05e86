using Dlt.Golden.Athena;
using Dlt.Golden.Harness;
using Dlt.Json;

namespace Dlt.Golden.Differences;

/// <summary>
/// Without the normalisation of dataset names, the folder of a dataset has the name of its database, which is in lower case. dlt uploads
/// files to one folder, and creates the tables over another one: they are empty.
/// </summary>
internal sealed class DatasetNameInLowerCase() : Difference("dataset-name-in-lower-case")
{
    public override bool AppliesTo(GoldenCase golden) => (AthenaCase.IsScenario(golden) || DdlCase.Is(golden))
        && golden["given"]!["destination"]?["enable_dataset_name_normalization"] is { Kind: JsonKind.False }
        && golden["given"]!["pipeline"]?["dataset_name"] is { Kind: JsonKind.String } name
        && name.AsString() != name.AsString().ToLowerInvariant();

    public override IEnumerable<GoldenCase> Rewrite(GoldenCase golden)
    {
        var name = golden["given"]!["pipeline"]!["dataset_name"]!.AsString();
        yield return DdlCase.Is(golden)
            ? DdlCase.With(golden, sql => sql.Replace($"/{name}/", $"/{name.ToLowerInvariant()}/", StringComparison.Ordinal))
            : AthenaEdit.Loaded(golden);
    }
}
