using Apache.Arrow;
using Apache.Arrow.Types;

namespace Dlt.Batches.Decimals;

/// <summary>
/// Reads and writes the declared digits of the decimals in a batch. They are stored in the metadata of the batch's schema and fields, which
/// is kept with the segment.
/// </summary>
/// <remarks>
/// The Arrow type of a decimal is not sufficient: batches of objects and of database readers have as many digits as their values need.
/// </remarks>
internal static class DecimalMetadata
{
    private const string TypedKey = "dlt.types";
    private const string TypedValue = "declared";
    private const string DigitsKey = "dlt.decimal";
    private const string AnyDigits = "any";

    /// <summary>
    /// Marks a batch whose Arrow types are those of the data, as in Parquet: its decimals have the digits of their types.
    /// </summary>
    public static RecordBatch WithTypes(RecordBatch batch)
    {
        if (!batch.Schema.FieldsList.Any(f => HasDecimal(f.DataType))) return batch;
        var schema = new Apache.Arrow.Schema(batch.Schema.FieldsList, With(batch.Schema.Metadata, TypedKey, TypedValue));
        return new(schema, batch.Arrays, batch.Length);
    }

    /// <summary>Marks a batch of a database with the declared digits of its columns.</summary>
    /// <param name="batch">Rows of the database.</param>
    /// <param name="digits">Declared digits of each column; null for a column without declared digits.</param>
    public static RecordBatch WithDigits(RecordBatch batch, IReadOnlyList<DecimalDigits?> digits)
    {
        var fields = batch.Schema.FieldsList;
        if (!fields.Any(f => IsDecimal(f.DataType))) return batch;
        var marked = fields.Select((f, i) => IsDecimal(f.DataType)
            ? new Field(f.Name, f.DataType, f.IsNullable, With(f.Metadata, DigitsKey, digits[i]?.ToString() ?? AnyDigits))
            : f);
        return new(new Apache.Arrow.Schema(marked, batch.Schema.Metadata), batch.Arrays, batch.Length);
    }

    /// <summary>Returns whether the batch is marked by <see cref="WithTypes"/>.</summary>
    public static bool IsTyped(Apache.Arrow.Schema schema) =>
        schema.HasMetadata && schema.Metadata.GetValueOrDefault(TypedKey) == TypedValue;

    /// <summary>Returns the digits in the metadata of a field as text. Streams of batches with different texts are kept separate.</summary>
    public static string? Text(Field field) => field.HasMetadata ? field.Metadata.GetValueOrDefault(DigitsKey) : null;

    /// <summary>Reads the digits that a database declares for a column.</summary>
    /// <returns>False when the field is not a decimal column of a database.</returns>
    public static bool TryRead(Field field, out DecimalDigits? digits)
    {
        digits = Text(field) is { } text ? DecimalDigits.Parse(text) : null;
        return Text(field) is not null;
    }

    /// <summary>Returns whether the type is a decimal, or contains one.</summary>
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
