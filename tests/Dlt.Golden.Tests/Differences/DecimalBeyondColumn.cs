using Dlt.Golden.Athena;
using Dlt.Golden.Harness;
using Dlt.Golden.Pipelines;
using Dlt.Json;

namespace Dlt.Golden.Differences;

/// <summary>A decimal with more digits than its column goes to a text variant column, exact; dlt fails when the file is written.</summary>
internal sealed class DecimalBeyondColumn() : Difference("decimal-beyond-column")
{
    private const int DefaultPrecision = 38;
    private const int DefaultScale = 9;

    public override bool AppliesTo(GoldenCase golden) =>
        golden.Is("types", "coerce_rows") ? CoercedRows.Any(golden, IsBeyond)
            : AthenaCase.IsScenario(golden) ? AthenaEdit.Cells(golden).Any(c => IsBeyond(c.Value, c.Column))
            : PipelineCase.Is(golden) && Beyond(golden).Any();

    public override IEnumerable<GoldenCase> Rewrite(GoldenCase golden) =>
    [
        golden.Kind == "coerce_rows"
            ? CoercedRows.Rewrite(
                golden, IsBeyond, (value, _, _) =>
                    Fits(GoldenJson.TextOf(value), DefaultPrecision, DefaultScale) ? ("decimal", "decimal", value)
                        : ("text", "text", JsonValue.String(GoldenJson.TextOf(value))))
            : AthenaCase.Is(golden)
            ? AthenaEdit.Loaded(golden, (name, value, column) => IsBeyond(value, column) ? Variant(name, value) : (name, value))
            : PipelineEdit.Mended(golden, Beyond(golden), f => new("text", f.Value["$decimal"]!)),
    ];

    private static IEnumerable<InputField> Beyond(GoldenCase golden) =>
        PipelineCase.Fields(golden)
            .Where(
                f =>
                    f.Column is null && f.Value.Kind == JsonKind.Object && f.Value["$decimal"] is { Kind: JsonKind.String } text
                        && IsPlain(text.AsString()) && !Fits(text.AsString(), DefaultPrecision, DefaultScale));

    private static bool IsBeyond(JsonValue value, JsonValue column)
    {
        if (
            column["data_type"] is not { Kind: JsonKind.String } type || type.AsString() != "decimal"
                || !GoldenJson.IsTyped(value, "decimal") || !IsPlain(GoldenJson.TextOf(value))) return false;
        var precision = column["precision"] is { Kind: JsonKind.Integer } p ? (int)p.AsInt64() : (int?)null;
        var scale = column["scale"] is { Kind: JsonKind.Integer } s ? (int)s.AsInt64() : precision is null ? DefaultScale : 0;
        return !Fits(GoldenJson.TextOf(value), precision ?? DefaultPrecision, scale);
    }

    private static (string, JsonValue) Variant(string name, JsonValue value)
    {
        var text = GoldenJson.TextOf(value);
        if (!Fits(text, DefaultPrecision, DefaultScale)) return ($"{name}__v_text", JsonValue.String(text));
        var halves = text.Split('.');
        var fraction = (halves.Length == 1 ? "" : halves[1]).PadRight(DefaultScale, '0')[..DefaultScale];
        return ($"{name}__v_decimal", JsonValue.Object(("decimal", JsonValue.String($"{halves[0]}.{fraction}"))));
    }

    /// <summary>Digits before and after the point; zeros at the end of a fraction do not count.</summary>
    private static bool Fits(string text, int precision, int scale)
    {
        var halves = text.TrimStart('-', '+').Split('.');
        return halves[0].TrimStart('0').Length <= precision - scale && (halves.Length == 1 || halves[1].TrimEnd('0').Length <= scale);
    }

    private static bool IsPlain(string text) => text.TrimStart('-', '+').All(c => char.IsAsciiDigit(c) || c == '.');
}
