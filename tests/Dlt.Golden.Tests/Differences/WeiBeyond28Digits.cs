using System.Numerics;
using Dlt.Golden.Harness;
using Dlt.Json;

namespace Dlt.Golden.Differences;

/// <summary>A wei of more than 28 digits is an integer, as a shorter one is; the decimal context of dlt overflows there.</summary>
internal sealed class WeiBeyond28Digits() : Difference("wei-beyond-28-digits")
{
    private static readonly BigInteger Limit = BigInteger.Pow(10, 28);

    public override bool AppliesTo(GoldenCase golden) =>
        golden.Is("types", "coerce") && GoldenJson.IsTyped(golden["input"]!, "wei")
            && BigInteger.TryParse(GoldenJson.TextOf(golden["input"]!), out var wei) && BigInteger.Abs(wei) >= Limit
            && golden.Expected["bigint"] is { } result && ErrorOutcome.IsError(result);

    public override IEnumerable<GoldenCase> Rewrite(GoldenCase golden) =>
        [golden.WithExpected(
            golden.Expected.With(
                "bigint",
                    JsonValue.Object(
                        ("value",
                            JsonValue.Object(
                                ("$type", JsonValue.String("int")), ("value", JsonValue.String(GoldenJson.TextOf(golden["input"]!))))))))];
}
