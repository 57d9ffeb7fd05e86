using System.Globalization;
using System.Numerics;
using Dlt.Golden.Harness;
using Dlt.Golden.Units;
using Dlt.Json;
using Dlt.Types;

namespace Dlt.Golden.Differences;

/// <summary>JSON integers keep their digits; dlt reads doubles, and cannot write them.</summary>
internal sealed class IntegerBeyond64Bits() : Difference("integer-beyond-64-bits")
{
    public override bool AppliesTo(GoldenCase golden)
    {
        if (golden.Is("types", "parse_json")) return golden["input"]!.Kind == JsonKind.String && !ErrorOutcome.IsError(golden.Expected)
            && GoldenJson.Numbers(golden["input"]!.AsString()).Any(IsBeyond);
        return golden.Is("hashes", "json") && golden.Expected.Members.Any(m => ErrorOutcome.IsError(m.Value))
            && GoldenJson.Any(golden["input"], v => GoldenJson.IsTyped(v, "int") && IsBeyond(GoldenJson.TextOf(v)));
    }

    public override IEnumerable<GoldenCase> Rewrite(GoldenCase golden)
    {
        if (golden.Kind == "json")
        {
            var text = JsonValue.String(JsonText.Write(TypedJson.ToPlain(GoldenValue.ToExtracted(golden["input"]!))));
            yield return golden.WithExpected(
                GoldenJson.MapMembers(golden.Expected, (_, value) => ErrorOutcome.IsError(value) ? text : value));
            yield break;
        }

        var numbers = GoldenJson.Numbers(golden["input"]!.AsString());
        var dumps = GoldenJson.MapNumbers(
            golden.Expected["dumps"]!.AsString(), (n, number) => n < numbers.Count && IsBeyond(numbers[n]) ? numbers[n] : number);
        var isNumber = golden.Expected["type"]!.AsString() == "float";
        yield return golden.WithExpected(
            golden.Expected.With("dumps", JsonValue.String(dumps))
                .With("type", isNumber ? JsonValue.String("int") : golden.Expected["type"]!).With("value", JsonParser.Parse(dumps)));
    }

    private static bool IsBeyond(string number) =>
        GoldenJson.IsInteger(number) && BigInteger.Parse(number, CultureInfo.InvariantCulture) is var value
            && (value < long.MinValue || value > ulong.MaxValue);
}
