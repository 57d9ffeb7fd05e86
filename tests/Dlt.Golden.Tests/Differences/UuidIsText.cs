using Dlt.Golden.Harness;
using Dlt.Json;

namespace Dlt.Golden.Differences;

/// <summary>A Guid is written as text; dlt refuses the class as the type of a value.</summary>
internal sealed class UuidIsText() : Difference("uuid-is-text")
{
    public override bool AppliesTo(GoldenCase golden) => golden.Is("types", "native_type") && golden["input"]!.AsString() == "uuid";

    public override IEnumerable<GoldenCase> Rewrite(GoldenCase golden) => [golden.WithExpected(JsonValue.String("text"))];
}
