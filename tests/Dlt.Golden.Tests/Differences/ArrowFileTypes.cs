using System.Text.RegularExpressions;
using Apache.Arrow.Types;
using Dlt.Golden.Harness;
using Dlt.Golden.Pipelines;
using Dlt.Json;

namespace Dlt.Golden.Differences;

/// <summary>
/// Arrow types that Athena cannot read are written as the nearest one that it can read: half floats, unsigned integers, decimals of more
/// than 38 digits, lists, structs and maps.
/// </summary>
internal sealed partial class ArrowFileTypes() : Difference("arrow-file-types")
{
    private const int MaxDigits = 38;

    public override bool AppliesTo(GoldenCase golden) =>
        ArrowColumns.Of(golden).Any(c => IsConcerned(c.Field.DataType) && c.Declared?["data_type"] is null)
            && golden.Expected.Members.All(r => r.Value["run.json"]!["ok"]!.AsBool());

    public override IEnumerable<GoldenCase> Rewrite(GoldenCase golden) =>
        [ArrowColumns.Of(golden).Where(c => IsConcerned(c.Field.DataType)).DistinctBy(c => (c.Table, c.Name)).Aggregate(golden, Rewrite)];

    private static GoldenCase Rewrite(GoldenCase golden, ArrowColumn column)
    {
        golden = PipelineEdit.MapFileType(golden, column.Run, column.Table, column.Name, FileType);
        golden = PipelineEdit.MapColumn(golden, column.Run, column.Table, column.Name, known => WithSign(known, column.Field.DataType));
        if (column.DataType == "json") golden = PipelineEdit.MapRows(
            golden, column.Run, column.Table, row => PipelineEdit.MapMember(row, column.Name, AsText));
        return column.Field.DataType is Decimal256Type ? BeyondDigits(golden, column) : golden;
    }

    private static JsonValue AsText(JsonValue nested) =>
        nested.Kind is JsonKind.Array or JsonKind.Object ? JsonValue.String(JsonText.Write(nested)) : nested;

    /// <summary>Values of more digits go to a text variant column.</summary>
    private static GoldenCase BeyondDigits(GoldenCase golden, ArrowColumn column)
    {
        bool IsBeyond(JsonValue row) => row[column.Name]?["$decimal"] is { } text && text.AsString().Count(char.IsAsciiDigit) > MaxDigits;
        if (!PipelineEdit.Rows(golden, column.Table).Any(IsBeyond)) return golden;
        var variant = column.Name + "__v_text";
        golden = PipelineEdit.AddColumn(golden, column.Run, column.Table, CoercedRows.Variant(variant, "text"), "string");
        return PipelineEdit.MapRows(
            golden, column.Run, column.Table, row =>
                IsBeyond(row) ? row.Without(column.Name).With(variant, row[column.Name]!["$decimal"]!) : row);
    }

    private static string FileType(string arrow)
    {
        if (
            Decimal256()
                .Match(
                    arrow) is { Success: true } wide) return $"decimal128({Math.Min(int.Parse(wide.Groups[1].Value), MaxDigits)}, "
                        + $"{wide.Groups[2].Value})";
        if (
            arrow.StartsWith("list<", StringComparison.Ordinal) || arrow.StartsWith("struct<", StringComparison.Ordinal)
                || arrow.StartsWith("map<", StringComparison.Ordinal) || arrow.StartsWith("large_list<", StringComparison.Ordinal)
                || arrow.StartsWith("fixed_size_list<", StringComparison.Ordinal)) return "string";
        return arrow switch
        {
            "halffloat" =>
            "double",
            "uint8" => "int16",
            "uint16" => "int32",
            "uint32" or "uint64" => "int64",
            _ => arrow
        };
    }

    /// <summary>Columns are signed, so an unsigned integer needs twice the bits.</summary>
    private static JsonValue WithSign(JsonValue column, IArrowType type) => type switch
    {
        UInt8Type => column.With("precision", JsonValue.Integer(16)),
        UInt16Type => column.With("precision", JsonValue.Integer(32)),
        UInt32Type => column.Without("precision"),
        _ => column,
    };

    private static bool IsConcerned(IArrowType type) =>
        type is HalfFloatType or UInt8Type or UInt16Type or UInt32Type or UInt64Type or Decimal256Type
            or StructType or ListType or LargeListType or FixedSizeListType or MapType;

    [GeneratedRegex(@"^decimal256\((\d+), (-?\d+)\)$")]
    private static partial Regex Decimal256();
}
