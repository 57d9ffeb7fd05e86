using System.Numerics;
using Dlt.Golden.Harness;
using Dlt.Json;

namespace Dlt.Golden.Differences;

/// <summary>
/// A wei of more than 38 digits goes to a text variant column, exact; dlt fails when the file is written. What is beyond 256 bits goes to
/// <c>v_str</c> in both.
/// </summary>
internal sealed class WeiBeyond38Digits() : Difference("wei-beyond-38-digits")
{
    private static readonly BigInteger Limit = BigInteger.Pow(10, 38);

    public override bool AppliesTo(GoldenCase golden) =>
        golden.Is("types", "coerce_rows")
            && golden["rows"]!.Items.Any(r => r.Kind == JsonKind.Object && r.Members.Any(m => IsBeyond(m.Value)));

    public override IEnumerable<GoldenCase> Rewrite(GoldenCase golden) =>
        [golden.WithExpected(GoldenJson.MapMembers(golden.Expected, (_, side) => Side(golden, side)))];

    private static JsonValue Side(GoldenCase golden, JsonValue side)
    {
        var added = new HashSet<string>();
        var rows = golden["rows"]!.Items;
        return side.With(
            "steps",
                JsonValue.Array([.. side["steps"]!.Items.Select((step, i) => step["row"] is null ? step : Step(step, rows[i], added))]));
    }

    private static JsonValue Step(JsonValue step, JsonValue input, HashSet<string> added)
    {
        var row = step["row"]!;
        var columns = step["new_columns"]!.Items.ToList();
        foreach (var (name, value) in input.Members.Where(m => IsBeyond(m.Value) && row[m.Key] is not null))
        {
            var variant = name + "__v_text";
            row = row.Without(name).With(variant, JsonValue.String(GoldenJson.TextOf(value)));
            if (added.Add(variant)) columns.Add(CoercedRows.Variant(variant, "text"));
        }

        return step.With("row", row).With("new_columns", JsonValue.Array([.. columns]));
    }

    private static bool IsBeyond(JsonValue value) =>
        GoldenJson.IsTyped(value, "wei") && BigInteger.TryParse(GoldenJson.TextOf(value), out var wei) && BigInteger.Abs(wei) >= Limit;
}
