using Dlt.Golden.Harness;
using Dlt.Json;

namespace Dlt.Golden.Differences;

/// <summary>A slash at the end of bucket_url makes no empty folder name.</summary>
internal sealed class SlashOfBucketUrl() : Difference("slash-of-bucket-url")
{
    public override bool AppliesTo(GoldenCase golden) =>
        golden.Is("layout", "table_location") && golden["bucket_url"]!.AsString().EndsWith('/')
            && golden.Expected["location"] is { Kind: JsonKind.String };

    public override IEnumerable<GoldenCase> Rewrite(GoldenCase golden)
    {
        var url = golden["bucket_url"]!.AsString();
        yield return golden.WithExpected(
            GoldenJson.Map(
                golden.Expected, v =>
                    v.Kind == JsonKind.String
                        ? JsonValue.String(v.AsString().Replace(url + "/", url.TrimEnd('/') + "/", StringComparison.Ordinal)) : null));
    }
}
