using Apache.Arrow;
using Apache.Arrow.Types;

namespace Dlt.Batches.Decimals;

/// <summary>
/// What the source of a batch says of its decimals. It stands in the metadata of the batch's schema and fields, so it outlives the segment.
/// </summary>
/// <remarks>
/// The Arrow type of a decimal alone tells nothing: batches of objects and of readers have as many digits as their values need.
/// </remarks>
internal static class DecimalMetadata
{
    private const string TypedKey = "dlt.types";
    private const string TypedValue = "declared";
    private const string DigitsKey = "dlt.decimal";
    private const string AnyDigits = "any";

    /// <summary>A batch whose Arrow types are those of the data, as in Parquet: its decimals have the digits of their types.</summary>
    public static RecordBatch WithTypes(RecordBatch batch)
    {
        if (!batch.Schema.FieldsList.Any(f => HasDecimal(f.DataType))) return batch;
        var schema = new Apache.Arrow.Schema(batch.Schema.FieldsList, With(batch.Schema.Metadata, TypedKey, TypedValue));
        return new(schema, batch.Arrays, batch.Length);
    }

    /// <summary>A batch of a database.</summary>
    /// <param name="batch">The rows.</param>
    /// <param name="digits">Of every column: the digits that the database declares, null when it declares none.</param>
    public static RecordBatch WithDigits(RecordBatch batch, IReadOnlyList<DecimalDigits?> digits)
    {
        var fields = batch.Schema.FieldsList;
        if (!fields.Any(f => IsDecimal(f.DataType))) return batch;
        var marked = fields.Select((f, i) => IsDecimal(f.DataType)
            ? new Field(f.Name, f.DataType, f.IsNullable, With(f.Metadata, DigitsKey, digits[i]?.ToString() ?? AnyDigits))
            : f);
        return new(new Apache.Arrow.Schema(marked, batch.Schema.Metadata), batch.Arrays, batch.Length);
    }

    /// <summary>True when the types of the batch are those of the data.</summary>
    public static bool IsTyped(Apache.Arrow.Schema schema) =>
        schema.HasMetadata && schema.Metadata.GetValueOrDefault(TypedKey) == TypedValue;

    /// <summary>What stands in the metadata of a field; it also tells two streams of batches apart.</summary>
    public static string? Text(Field field) => field.HasMetadata ? field.Metadata.GetValueOrDefault(DigitsKey) : null;

    /// <summary>What a database declares of a column.</summary>
    /// <returns>False when the field is no decimal of a database.</returns>
    public static bool TryRead(Field field, out DecimalDigits? digits)
    {
        digits = Text(field) is { } text ? DecimalDigits.Parse(text) : null;
        return Text(field) is not null;
    }

    /// <summary>True when the type is a decimal, or has one in it.</summary>
    public static bool HasDecimal(IArrowType type) => IsDecimal(type) || type switch
    {
        DictionaryType dictionary => HasDecimal(dictionary.ValueType),
        NestedType nested => nested.Fields.Any(f => HasDecimal(f.DataType)),
        _ => false,
    };

    private static bool IsDecimal(IArrowType type) => type is Decimal32Type or Decimal64Type or Decimal128Type or Decimal256Type;

    private static Dictionary<string, string> With(IReadOnlyDictionary<string, string>? metadata, string key, string value) =>
        new(metadata ?? new Dictionary<string, string>(), StringComparer.Ordinal) { [key] = value };
}
