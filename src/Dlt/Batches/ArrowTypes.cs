using Apache.Arrow;
using Apache.Arrow.Types;
using Dlt.Parquet;
using Dlt.Schemas;

namespace Dlt.Batches;

/// <summary>Maps Arrow types to column types of schemas and files (docs/spec/pipeline.md 7.5).</summary>
internal static class ArrowTypes
{
    /// <summary>Returns the schema column of an Arrow field.</summary>
    /// <param name="field">Arrow field.</param>
    /// <param name="identifier">Normalized name of the column.</param>
    /// <param name="resource">Name of the resource, for error messages.</param>
    /// <param name="capabilities">The destination's default precision is omitted from the column (docs/spec/pipeline.md 3.6).</param>
    /// <exception cref="DltException">The type cannot be loaded.</exception>
    public static ColumnSchema Column(Field field, string identifier, string resource, DestinationCapabilities capabilities)
    {
        CheckLoadable(field, resource);
        var (type, precision, scale) = Describe(field.DataType)!.Value;
        var column = new ColumnSchema(JsonValue.Object(
            ("name", JsonValue.String(identifier)), ("nullable", JsonValue.Bool(field.IsNullable)),
            ("data_type", JsonValue.String(type.Name()))));
        if (type is DataType.Timestamp or DataType.Time && precision == capabilities.TimestampPrecision) precision = null;
        if (precision is { } p) column = column.With("precision", JsonValue.Integer(p));
        if (scale is { } s) column = column.With("scale", JsonValue.Integer(s));
        return column;
    }

    /// <summary>Refuses a field whose type, or a type nested in it, cannot be loaded.</summary>
    /// <param name="field">Arrow field.</param>
    /// <param name="resource">Name of the resource, for error messages.</param>
    /// <param name="path">Names of the structs around the field, each with a point.</param>
    /// <exception cref="DltException">A type cannot be loaded.</exception>
    public static void CheckLoadable(Field field, string resource, string path = "")
    {
        var type = Inner(field.DataType);
        if (type.TypeId != ArrowTypeId.Null && Describe(type) is null)
        {
            throw new DltException(
                $"Column '{path}{field.Name}' of '{resource}' has the Arrow type {type.Name}, which cannot be loaded. "
                + "Nothing of this run was loaded, and the state is as before. Cast the column, or leave it out.");
        }

        if (type is Apache.Arrow.Types.NestedType nested)
            foreach (var child in nested.Fields) CheckLoadable(child, resource, $"{path}{field.Name}.");
    }

    /// <summary>Returns the type with which a column of Arrow values is written to a file: times keep the unit of the data.</summary>
    public static ColumnType FileType(ColumnType type, IArrowType arrow) => (type.DataType, Inner(arrow)) switch
    {
        (DataType.Timestamp, TimestampType timestamp) => type with { FractionDigits = Digits(timestamp.Unit) },
        (DataType.Time, TimeBasedType time) => type with { FractionDigits = Digits(time.Unit) },
        _ => type,
    };

    /// <summary>Returns whether a type is the null type, which has no values.</summary>
    public static bool IsNull(IArrowType type) => Inner(type).TypeId == ArrowTypeId.Null;

    private static IArrowType Inner(IArrowType type) => type is DictionaryType dictionary ? Inner(dictionary.ValueType) : type;

    private static (DataType Type, int? Precision, int? Scale)? Describe(IArrowType type) => type switch
    {
        DictionaryType dictionary => Describe(dictionary.ValueType),
        Int8Type => (DataType.Bigint, 8, null),
        Int16Type => (DataType.Bigint, 16, null),
        Int32Type => (DataType.Bigint, 32, null),
        UInt8Type => (DataType.Bigint, 16, null),      // the columns are signed
        UInt16Type => (DataType.Bigint, 32, null),
        Int64Type or UInt32Type or UInt64Type => (DataType.Bigint, null, null),
        HalfFloatType or FloatType or DoubleType => (DataType.Double, null, null),
        BooleanType => (DataType.Bool, null, null),
        StringType or LargeStringType or StringViewType => (DataType.Text, null, null),
        Decimal32Type small => (DataType.Decimal, small.Precision, small.Scale),
        Decimal64Type medium => (DataType.Decimal, medium.Precision, medium.Scale),
        Decimal128Type large => (DataType.Decimal, large.Precision, large.Scale),
        Decimal256Type huge => (DataType.Decimal, huge.Precision, huge.Scale),
        FixedSizeBinaryType fixedSize => (DataType.Binary, fixedSize.ByteWidth, null),
        BinaryType or LargeBinaryType or BinaryViewType => (DataType.Binary, null, null),
        Date32Type or Date64Type => (DataType.Date, null, null),
        TimestampType timestamp => (DataType.Timestamp, Precision(timestamp.Unit), null),
        Time32Type or Time64Type => (DataType.Time, Precision(((TimeBasedType)type).Unit), null),
        StructType or ListType or LargeListType or FixedSizeListType or MapType => (DataType.Json, null, null),
        _ => null,
    };

    /// <summary>
    /// Returns the precision of a time unit; null for microseconds, which are the default, and for nanoseconds, which become microseconds.
    /// </summary>
    private static int? Precision(TimeUnit unit) => unit switch
    {
        TimeUnit.Second => 0,
        TimeUnit.Millisecond => 3,
        _ => null,
    };

    private static int Digits(TimeUnit unit) => unit is TimeUnit.Second or TimeUnit.Millisecond ? 3 : 6;
}
