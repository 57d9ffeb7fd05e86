using System.Numerics;
using Dlt.Golden.Harness;
using Dlt.Golden.Pipelines;
using Dlt.Json;

namespace Dlt.Golden.Differences;

/// <summary>
/// An integer that its column cannot hold goes to a variant column, exact; dlt fails when the file is written, or before.
/// </summary>
internal sealed class IntegerBeyondColumn() : Difference("integer-beyond-column")
{
    private static readonly BigInteger MaxDecimal = BigInteger.Pow(10, 38);

    public override bool AppliesTo(GoldenCase golden) =>
        golden.Is("types", "coerce_rows") ? CoercedRows.Any(golden, IsBeyond) : PipelineCase.Is(golden) && Beyond(golden).Any();

    public override IEnumerable<GoldenCase> Rewrite(GoldenCase golden) =>
        [golden.Kind == "coerce_rows" ? CoercedRows.Rewrite(golden, IsBeyond, Variant)
            : PipelineEdit.Mended(golden, Beyond(golden), Exact)];

    private static (string Suffix, string Type, JsonValue Value) Variant(JsonValue value, JsonValue column, JsonValue input)
    {
        if (input.Kind == JsonKind.String) return ("text", "text", input);
        if (input.Kind == JsonKind.Real || GoldenJson.IsTyped(input, "double")) return ("double", "double", input);
        var integer = Integer(value)!.Value;
        if (integer >= long.MinValue && integer <= long.MaxValue) return ("bigint", "bigint", value);
        return BigInteger.Abs(integer) < MaxDecimal
            ? (
                "decimal", "decimal",
                    JsonValue.Object(("$type", JsonValue.String("decimal")), ("value", JsonValue.String(integer.ToString()))))
            : ("text", "text", JsonValue.String(integer.ToString()));
    }

    /// <summary>Integers of more than 64 bits, which a program gives.</summary>
    private static IEnumerable<InputField> Beyond(GoldenCase golden) =>
        PipelineCase.Fields(golden).Where(f => Big(f.Value) is { } value && (value < long.MinValue || value > long.MaxValue));

    private static MendedField Exact(InputField field) => BigInteger.Abs(Big(field.Value)!.Value) < MaxDecimal
        ? new("decimal", JsonValue.Object(("$decimal", field.Value["$int"]!)))
        : new("text", field.Value["$int"]!);

    private static BigInteger? Big(JsonValue value) =>
        value.Kind == JsonKind.Object && value["$int"] is { Kind: JsonKind.String } text ? BigInteger.Parse(text.AsString()) : null;

    private static bool IsBeyond(JsonValue value, JsonValue column)
    {
        if (
            column["data_type"] is not { Kind: JsonKind.String } type || type.AsString() != "bigint"
                || Integer(value) is not { } integer) return false;
        var bits = (
            column["precision"] is { Kind: JsonKind.Integer } precision ? precision.AsInt64() : 64) switch
        {
            <= 8 =>
                8,
            <= 16 => 16,
            <= 32 => 32,
            _ => 64
        };
        return integer < -BigInteger.Pow(2, bits - 1) || integer >= BigInteger.Pow(2, bits - 1);
    }

    private static BigInteger? Integer(JsonValue value) =>
        value.Kind == JsonKind.Integer ? value.AsBigInteger() : GoldenJson.IsTyped(value, "int")
            ? BigInteger.Parse(GoldenJson.TextOf(value)) : null;
}
