using Dlt.Parquet;
using Dlt.Schemas;

namespace Dlt;

/// <summary>
/// Types of schema columns in the files of a load. The tables over these files have the same types.
/// </summary>
public static class FileColumnTypes
{
    private const int MaxIntegerBits = 64;
    private const int MicroDigits = 6;

    /// <summary>Returns the type of a column.</summary>
    /// <param name="column">A complete column: one with a data type.</param>
    /// <param name="capabilities">Capabilities of the destination: default digits and time zones.</param>
    /// <exception cref="SchemaException">An integer has more than 64 bits.</exception>
    public static ColumnType Of(ColumnSchema column, DestinationCapabilities capabilities)
    {
        var type = column.DataType;
        switch (type)
        {
            case DataType.Bigint:
                if (column.Precision > MaxIntegerBits)
                {
                    throw new SchemaException(
                        $"Column '{column.Name}' is declared as an integer of {column.Precision} bits, and files hold "
                        + $"{MaxIntegerBits}. Nothing was loaded. Declare it without bits, or as Column.Decimal('{column.Name}', 38, 0).")
                    { Column = column.Name };
                }

                return new()
                {
                    DataType = type,
                    IntegerBits = column.Precision switch { null => 64, <= 8 => 8, <= 16 => 16, <= 32 => 32, _ => 64 },
                };
            case DataType.Decimal:
                var (precision, scale) = capabilities.DecimalPrecision;
                return Decimal(column.Precision ?? precision, column.Scale ?? (column.Precision is null ? scale : 0));
            case DataType.Wei:
                return new()
                {
                    DataType = type,
                    Precision = Math.Min(capabilities.WeiPrecision.Precision, ColumnType.MaxPrecision),
                    Scale = capabilities.WeiPrecision.Scale,
                };
            case DataType.Timestamp:
            case DataType.Time:
                var digits = column.Precision ?? capabilities.TimestampPrecision;
                return new()
                {
                    DataType = type,
                    FractionDigits = digits <= 0 ? 0 : digits <= 3 ? 3 : MicroDigits,
                    IsUtc = type == DataType.Timestamp && capabilities.SupportsTimeZones && column.HasTimeZone,
                };
            case DataType.Binary:
                return new() { DataType = type, FixedBytes = column.Precision ?? 0 };
            case DataType.Json when column.NestedType is { } nested:
                return Of(NestedType.Parse(nested));
            default:
                return new() { DataType = type };
        }
    }

    /// <summary>Returns the type of a column, or of a part of one, that holds lists, structs or maps.</summary>
    internal static ColumnType Of(NestedType type) => type switch
    {
        NestedType.Scalar scalar => Of(scalar.Type),
        NestedType.List list => Nested(new NestedColumnType.List(Of(list.Element))),
        NestedType.Map map => Nested(new NestedColumnType.Map(Of(map.Key), Of(map.Value))),
        NestedType.Struct structure => Nested(
            new NestedColumnType.Struct([.. structure.Fields.Select(f => new ColumnField(f.Name, Of(f.Type)))])),
        _ => throw new ArgumentOutOfRangeException(nameof(type)),
    };

    /// <summary>Returns the type of a scalar within a nested column.</summary>
    internal static ColumnType Of(ScalarType type) => new()
    {
        DataType = type.DataType,
        IntegerBits = type.IntegerBits,
        Precision = type.Precision,
        Scale = type.Scale,
        FractionDigits = type.DataType == DataType.Timestamp ? MicroDigits : 0,
    };

    /// <summary>Returns the name of a column's type for reports, in Hive's notation, such as <c>decimal(38,9)</c>.</summary>
    /// <exception cref="SchemaException">An integer has more than 64 bits.</exception>
    public static string NameOf(ColumnSchema column, DestinationCapabilities capabilities) =>
        column is { DataType: DataType.Json, NestedType: { } nested } ? nested : NameOf(Of(column, capabilities));

    /// <summary>Returns the name of a scalar type for messages.</summary>
    internal static string NameOf(ColumnType type) =>
        new ScalarType(type.DataType, type.IntegerBits, type.Precision, type.Scale).Hive;

    private static ColumnType Nested(NestedColumnType type) => new() { DataType = DataType.Json, Nested = type };

    /// <summary>
    /// Returns a decimal type that Glue and Parquet support: the precision is limited to the maximum, and the scale to the precision.
    /// </summary>
    private static ColumnType Decimal(int precision, int scale)
    {
        if (scale < 0) (precision, scale) = (precision - scale, 0);   // in Arrow a negative scale means that the last digits are zeros
        precision = Math.Clamp(precision, 1, ColumnType.MaxPrecision);
        return new() { DataType = DataType.Decimal, Precision = precision, Scale = Math.Min(scale, precision) };
    }
}
