using Dlt.Golden.Harness;
using Dlt.Json;

namespace Dlt.Golden.Athena;

/// <summary>What a case of dlt-athena asks for that is not built yet, judged by its content.</summary>
internal static class AthenaNeeds
{
    private static readonly string[] PlainReads = ["df", "arrow", "fetchall"];

    /// <summary>A resource that merges into an Iceberg table. Merge into an external table appends, in dlt too.</summary>
    public static bool MergeOfIceberg(GoldenCase golden)
    {
        if (!AthenaCase.Is(golden) || MergeCase.Is(golden)) return false;
        var isForced = golden["given"]!["destination"]?["force_iceberg"] is { Kind: JsonKind.True };
        return Runs(golden).SelectMany(r => r["resources"]?.Items ?? []).Any(r => MergesIntoIceberg(r, isForced));
    }

    /// <param name="resource">A resource of a run.</param>
    /// <param name="isForced">The setting <c>force_iceberg</c>.</param>
    private static bool MergesIntoIceberg(JsonValue resource, bool isForced) => IsMerge(resource) && IsIceberg(resource, isForced);

    private static bool IsMerge(JsonValue resource) =>
        (resource["write_disposition"] is { Kind: JsonKind.Object } options ? options["disposition"] : resource["write_disposition"])
            is { Kind: JsonKind.String } text && text.AsString() == "merge";

    public static bool Relations(GoldenCase golden) => AthenaCase.IsScenario(golden)
        && Runs(golden).SelectMany(r => r["reads"]?.Items ?? []).Any(r => r["table"] is null || r["chain"] is not null
            || (r["method"] is { } method && !PlainReads.Contains(method.AsString())));

    private static bool IsIceberg(JsonValue resource, bool isForced) =>
        resource["table_format"] is { Kind: JsonKind.String } format ? format.AsString() == "iceberg" : isForced;

    private static IEnumerable<JsonValue> Runs(GoldenCase golden) => golden["runs"]!.Items;
}
