using Dlt.Golden.Athena;
using Dlt.Golden.Harness;
using Dlt.Json;

namespace Dlt.Golden.Differences;

/// <summary>A load runs no query, so it needs no place for results.</summary>
internal sealed class LoadsWithoutQueries() : Difference("loads-without-queries")
{
    public override bool AppliesTo(GoldenCase golden) => AthenaCase.IsScenario(golden)
        && golden["given"]!["destination"] is { } destination
        && destination.Members.Any(m => m.Key == "query_result_bucket" && m.Value.IsNull)
        && destination["athena_work_group"] is null;

    public override IEnumerable<GoldenCase> Rewrite(GoldenCase golden) => [AthenaEdit.Loaded(golden)];
}
