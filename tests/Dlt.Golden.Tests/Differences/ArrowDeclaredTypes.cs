using System.Globalization;
using Apache.Arrow.Types;
using Dlt.Golden.Harness;
using Dlt.Golden.Pipelines;
using Dlt.Json;
using Dlt.Types;

namespace Dlt.Golden.Differences;

/// <summary>
/// Values of Arrow get the type that is declared for their column; dlt leaves them as they are, and the table cannot be read.
/// </summary>
internal sealed class ArrowDeclaredTypes() : Difference("arrow-declared-types")
{
    public override bool AppliesTo(GoldenCase golden) => Concerned(golden).Any();

    public override IEnumerable<GoldenCase> Rewrite(GoldenCase golden) => [Concerned(golden).Aggregate(golden, Rewrite)];

    private static GoldenCase Rewrite(GoldenCase golden, ArrowColumn column)
    {
        var declared = column.Declared!;
        golden = PipelineEdit.MapFileType(golden, column.Run, column.Table, column.Name, _ => FileType(declared));
        return PipelineEdit.MapRows(
            golden, column.Run, column.Table, row => PipelineEdit.MapMember(row, column.Name, value => Convert(value, declared)));
    }

    private static IEnumerable<ArrowColumn> Concerned(GoldenCase golden) =>
        ArrowColumns.Of(golden).Where(c => c.Declared?["data_type"] is { Kind: JsonKind.String } type
        && (
            type.AsString() != c.DataType
                || (
                    c.Field.DataType is Decimal128Type own
                        && (
                            Number(c.Declared!, "precision") is { } p && p != own.Precision || Number(c.Declared!, "scale") is { } s
                                && s != own.Scale))));

    private static string FileType(JsonValue declared) => declared["data_type"]!.AsString() switch
    {
        "text" or "json" => "string",
        "bigint" =>
            Number(declared, "precision") switch { null => "int64", <= 8 => "int8", <= 16 => "int16", <= 32 => "int32", _ => "int64" },
        "double" => "double",
        "bool" => "bool",
        "decimal" => string.Create(CultureInfo.InvariantCulture, $"decimal128({Number(declared, "precision") ?? 38}, {Scale(declared)})"),
        "binary" => "binary",
        "date" => "date32[day]",
        "timestamp" => "timestamp[ms]",
        var other => other,
    };

    private static JsonValue Convert(JsonValue value, JsonValue declared)
    {
        var number = value.Kind == JsonKind.Object && value["$decimal"] is { } digits ? digits.AsString() : value.Kind is JsonKind.Integer
            ? value.ToString() : null;
        return declared["data_type"]!.AsString() switch
        {
            "text" =>
                JsonValue.String(
                    value.Kind switch
                    {
                        JsonKind.Real =>
                        PythonNumber.Repr(value.AsDouble()),
                        JsonKind.String => value.AsString(),
                        _ => number ?? value.ToString()
                    }),
            "decimal" when number is not null =>
                JsonValue.Object(
                    ("$decimal",
                        JsonValue.String(
                            decimal.Parse(number, CultureInfo.InvariantCulture)
                                .ToString("F" + Scale(declared), CultureInfo.InvariantCulture)))),
            "double" when number is not null => JsonValue.Real(double.Parse(number, CultureInfo.InvariantCulture)),
            "bigint" when value.Kind == JsonKind.String => JsonValue.Integer(long.Parse(value.AsString(), CultureInfo.InvariantCulture)),
            "bigint" when value.Kind == JsonKind.Real => JsonValue.Integer((long)value.AsDouble()),
            _ => value,
        };
    }

    private static long Scale(JsonValue declared) => Number(declared, "scale") ?? (Number(declared, "precision") is null ? 9 : 0);

    private static long? Number(JsonValue declared, string name) =>
        declared[name] is { Kind: JsonKind.Integer } number ? number.AsInt64() : null;
}
