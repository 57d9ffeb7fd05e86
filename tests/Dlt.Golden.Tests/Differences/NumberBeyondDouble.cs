using System.Globalization;
using Dlt.Golden.Harness;
using Dlt.Golden.Pipelines;
using Dlt.Json;
using Dlt.Types;

namespace Dlt.Golden.Differences;

/// <summary>
/// A number that no double holds is kept as its text; dlt's reader of JSON fails, and its other one gives infinity, which ends as null.
/// </summary>
internal sealed class NumberBeyondDouble() : Difference("number-beyond-double")
{
    public override bool AppliesTo(GoldenCase golden)
    {
        if (golden.Is("types", "parse_json")) return golden["input"]!.Kind == JsonKind.String && ErrorOutcome.IsError(golden.Expected)
            && Message(golden).Contains("infinity", StringComparison.Ordinal)
            && GoldenJson.Numbers(golden["input"]!.AsString()).Any(IsBeyond);
        return PipelineCase.Is(golden) && Beyond(golden).Any();
    }

    public override IEnumerable<GoldenCase> Rewrite(GoldenCase golden)
    {
        if (golden.Kind == "parse_json") return [
            golden.WithExpected(JsonValue.Object(("type", JsonValue.String(Type(golden["input"]!.AsString().Trim())))))];
        return [
            Beyond(golden).DistinctBy(f => (f.Source.Run, f.Source.Table, f.Name))
                .Aggregate(golden, (rewritten, first) => Column(rewritten, golden, first))];
    }

    /// <summary>Where it is the first value of its column, the column holds texts; else a variant column does.</summary>
    private static GoldenCase Column(GoldenCase rewritten, GoldenCase golden, InputField first)
    {
        var (run, table, column) = (first.Source.Run, PipelineEdit.Identifier(first.Source.Table), PipelineEdit.Identifier(first.Name));
        var fields = PipelineCase.Fields(golden)
            .Where(f => f.Name == first.Name && f.Source.Table == first.Source.Table && f.Value.Kind != JsonKind.Null).ToList();
        var isText = fields[0].Source.Index == first.Source.Index;
        var target = isText ? column : column + "__v_text";
        rewritten = isText
            ? PipelineEdit.OfFirstRow(
                PipelineEdit.Retype(rewritten, run, table, column, "text", "string"), run, table, column, first.Source)
            : PipelineEdit.AddColumn(rewritten, run, table, CoercedRows.Variant(target, "text"), "string");
        foreach (var field in fields.Where(f => isText || IsBeyond(f.Value)))
        {
            var others = field.Source.Item.Members.Where(m => m.Key != field.Name && m.Value.Kind is JsonKind.Integer or JsonKind.String)
                .ToList();
            rewritten = PipelineEdit.MapRows(
                rewritten, run, table, row =>
                    others.All(m => row[PipelineEdit.Identifier(m.Key)]?.Equals(m.Value) == true)
                        ? row.With(target, JsonValue.String(TextOf(field.Value))) : row);
        }

        return rewritten;
    }

    private static IEnumerable<InputField> Beyond(GoldenCase golden) => PipelineCase.Fields(golden).Where(f => IsBeyond(f.Value));

    private static string TextOf(JsonValue value) =>
        value.Kind == JsonKind.Real && !IsBeyond(value) ? PythonNumber.Repr(value.AsDouble()) : JsonText.Write(value);

    private static string Message(GoldenCase golden) => golden.Expected["message"] is { Kind: JsonKind.String } text ? text.AsString() : "";

    private static string Type(string json) => json[0] switch { '{' => "dict", '[' => "list", _ => "float" };

    private static bool IsBeyond(JsonValue value) => value.Kind == JsonKind.Real && double.IsInfinity(value.AsDouble());

    private static bool IsBeyond(string number) =>
        double.IsInfinity(double.Parse(number, CultureInfo.InvariantCulture)) && !GoldenJson.IsInteger(number);
}
