using Apache.Arrow;
using Apache.Arrow.Types;
using Dlt.Golden.Harness;
using Dlt.Golden.Pipelines;
using Dlt.Json;

namespace Dlt.Golden.Differences;

/// <summary>A column of an Arrow or Parquet file that a case gives.</summary>
/// <param name="Run">0-based.</param>
/// <param name="Resource">The resource that reads it.</param>
/// <param name="Table">Its table.</param>
/// <param name="Field">The column.</param>
internal sealed record ArrowColumn(int Run, JsonValue Resource, string Table, Field Field)
{
    public string Name => PipelineEdit.Identifier(Field.Name);

    /// <summary>The column that the resource declares for it.</summary>
    public JsonValue? Declared => Resource["columns"] is { Kind: JsonKind.Object } columns ? columns[Field.Name] : null;

    /// <summary>dlt's type of it, or null.</summary>
    public string? DataType => ArrowColumns.DataTypeOf(Field.DataType);
}

/// <summary>The Arrow columns of a case of dlt/pipelines, and dlt's types of them.</summary>
internal static class ArrowColumns
{
    public static IEnumerable<ArrowColumn> Of(GoldenCase golden)
    {
        if (!PipelineCase.Is(golden)) yield break;
        var runs = golden["runs"]!.Items;
        for (var run = 0; run < runs.Length; run++)
        {
            foreach (var resource in runs[run]["resources"]?.Items ?? [])
            {
                if (
                    resource["input"] is not { Kind: JsonKind.String } file
                        || Path.GetExtension(file.AsString()) is not (".arrows" or ".parquet")) continue;
                var table = PipelineEdit.Identifier(
                    resource["table_name"] is { Kind: JsonKind.String } name ? name.AsString() : resource["name"]!.AsString());
                if (ArrowFile.Batches(file.AsString(), golden.Files[file.AsString()]).FirstOrDefault() is not { } batch) continue;
                foreach (var field in batch.Schema.FieldsList) yield return new(run, resource, table, field);
            }
        }
    }

    public static string? DataTypeOf(IArrowType type) => type switch
    {
        DictionaryType dictionary => DataTypeOf(dictionary.ValueType),
        Int8Type or Int16Type or Int32Type or Int64Type or UInt8Type or UInt16Type or UInt32Type or UInt64Type => "bigint",
        HalfFloatType or FloatType or DoubleType => "double",
        BooleanType => "bool",
        StringType or LargeStringType or StringViewType => "text",
        Decimal128Type or Decimal256Type => "decimal",
        BinaryType or LargeBinaryType or FixedSizeBinaryType => "binary",
        Date32Type or Date64Type => "date",
        TimestampType => "timestamp",
        Time32Type or Time64Type => "time",
        StructType or ListType or LargeListType or FixedSizeListType or MapType => "json",
        _ => null,
    };

    /// <summary>Bits of a signed integer; null for other types.</summary>
    public static int? Bits(IArrowType type) => type switch { Int8Type => 8, Int16Type => 16, Int32Type => 32, Int64Type => 64, _ => null };
}
