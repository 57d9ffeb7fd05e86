using Dlt.Golden.Harness;
using Dlt.Golden.Units;
using Dlt.Json;
using Dlt.Types;

namespace Dlt.Golden.Differences;

/// <summary>A set is written as a list; dlt refuses it.</summary>
internal sealed class SetsAreLists() : Difference("sets-are-lists")
{
    public override bool AppliesTo(GoldenCase golden)
    {
        if (golden.Is("types", "coerce_rows")) return golden["rows"]!.Items.Any(r => GoldenJson.Any(r, IsSet));
        return golden.Is("hashes", "json") && GoldenJson.Any(golden["input"], IsSet);
    }

    public override IEnumerable<GoldenCase> Rewrite(GoldenCase golden)
    {
        if (golden.Kind == "json")
        {
            var text = JsonValue.String(JsonText.Write(TypedJson.ToPlain(GoldenValue.ToExtracted(golden["input"]!))));
            return [
                golden.WithExpected(
                    ErrorOutcome.IsError(golden.Expected) ? JsonValue.Object(("plain", text))
                        : GoldenJson.MapMembers(golden.Expected, (_, value) => ErrorOutcome.IsError(value) ? text : value))];
        }

        return [
            golden.WithExpected(
                GoldenJson.MapMembers(
                    golden.Expected, (_, side) =>
                        side.With("steps", JsonValue.Array([.. side["steps"]!.Items.Select((step, i) => Step(golden, step, i))]))))];
    }

    /// <summary>The first set of a column makes it a json column; other fields of its row are not looked at by dlt any more.</summary>
    private static JsonValue Step(GoldenCase golden, JsonValue step, int index)
    {
        var row = golden["rows"]!.Items[index];
        if (!ErrorOutcome.IsError(step) || !GoldenJson.Any(row, IsSet)) return step;
        var earlier = golden["rows"]!.Items.Take(index).Where(r => r.Kind == JsonKind.Object).SelectMany(r => r.Members.Names)
            .Concat(golden["columns"] is { Kind: JsonKind.Array } known ? known.Items.Select(c => c["name"]!.AsString()) : []).ToHashSet();
        var columns = row.Members.Where(m => !earlier.Contains(m.Key) && !m.Value.IsNull)
            .Select(
                m =>
                    JsonValue.Object(
                        ("name", JsonValue.String(m.Key)), ("data_type", JsonValue.String(TypeOf(m.Value))),
                            ("nullable", JsonValue.Bool(true))));
        return JsonValue.Object(
            ("row", GoldenJson.Map(row, v => IsSet(v) ? v["value"] : null)), ("new_columns", JsonValue.Array([.. columns])));
    }

    private static string TypeOf(JsonValue value) => value.Kind switch
    {
        JsonKind.Integer => "bigint",
        JsonKind.Real => "double",
        JsonKind.True or JsonKind.False => "bool",
        JsonKind.String => "text",
        _ when GoldenValue.IsTyped(value) && !IsSet(value) => value["$type"]!.AsString(),
        _ => "json",
    };

    private static bool IsSet(JsonValue value) => GoldenJson.IsTyped(value, "set");
}
