using Dlt.Schemas;
using Dlt.Types;

namespace Dlt.Columns;

/// <summary>
/// How the values of a column are held and written: the one place that schema, files and DDL agree on (spec/athena-destination.md 4.1).
/// </summary>
internal readonly record struct ColumnType
{
    public required DataType DataType { get; init; }

    /// <summary>Bits of an integer: 8, 16, 32 or 64.</summary>
    public int IntegerBits { get; init; }

    /// <summary>Digits of a decimal.</summary>
    public int Precision { get; init; }

    /// <summary>Fraction digits of a decimal.</summary>
    public int Scale { get; init; }

    /// <summary>Fraction digits of a timestamp or time that are kept: 0, 3 or 6. Files hold milliseconds for up to 3.</summary>
    public int FractionDigits { get; init; }

    /// <summary>Timestamps are instants, marked as UTC in the file.</summary>
    public bool IsUtc { get; init; }

    /// <summary>Bytes of a fixed-length binary; 0 for any length.</summary>
    public int FixedBytes { get; init; }

    /// <summary>Of a json column that is written as lists, structs or maps: Glue's name of the type.</summary>
    public string? Nested { get; init; }

    /// <summary>Longest decimal that is held.</summary>
    public const int MaxPrecision = 38;

    private const int MaxIntegerBits = 64;

    /// <exception cref="SchemaException">An integer has more than 64 bits (spec/athena-destination.md 4.1).</exception>
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

                return new() { DataType = type,
                    IntegerBits = column.Precision switch { null => 64, <= 8 => 8, <= 16 => 16, <= 32 => 32, _ => 64 } };
            case DataType.Decimal:
                var (precision, scale) = capabilities.DecimalPrecision;
                return Decimal(column.Precision ?? precision, column.Scale ?? (column.Precision is null ? scale : 0));
            case DataType.Wei:
                return new() { DataType = type, Precision = Math.Min(capabilities.WeiPrecision.Precision, MaxPrecision),
                    Scale = capabilities.WeiPrecision.Scale };
            case DataType.Timestamp:
            case DataType.Time:
                var digits = column.Precision ?? capabilities.TimestampPrecision;
                return new() { DataType = type, FractionDigits = digits <= 0 ? 0 : digits <= 3 ? 3 : 6,
                    IsUtc = type == DataType.Timestamp && capabilities.SupportsTimeZones && column.HasTimeZone };
            case DataType.Binary:
                return new() { DataType = type, FixedBytes = column.Precision ?? 0 };
            case DataType.Json:
                return new() { DataType = type, Nested = column.NestedType };
            default:
                return new() { DataType = type };
        }
    }

    /// <summary>
    /// A decimal that Glue and Parquet have: digits that are too many are cut off the precision, and the scale lies within it.
    /// </summary>
    private static ColumnType Decimal(int precision, int scale)
    {
        if (scale < 0) (precision, scale) = (precision - scale, 0);   // Arrow's way to say that the last digits are zeros
        precision = Math.Clamp(precision, 1, MaxPrecision);
        return new() { DataType = DataType.Decimal, Precision = precision, Scale = Math.Min(scale, precision) };
    }

    /// <summary>Hive's name of the type (spec/athena-destination.md 4.1).</summary>
    public string Hive => DataType switch
    {
        DataType.Json when Nested is { } nested => nested,
        DataType.Text or DataType.Json or DataType.Time => "string",
        DataType.Double => "double",
        DataType.Bool => "boolean",
        DataType.Bigint => IntegerBits switch { 8 => "tinyint", 16 => "smallint", 32 => "int", _ => "bigint" },
        DataType.Decimal or DataType.Wei =>
            string.Create(System.Globalization.CultureInfo.InvariantCulture, $"decimal({Precision},{Scale})"),
        DataType.Date => "date",
        DataType.Timestamp => "timestamp",
        _ => "binary",
    };

    public ColumnBuffer NewBuffer(string name) => DataType switch
    {
        DataType.Bigint or DataType.Timestamp or DataType.Time => new FixedBuffer<long>(name),
        DataType.Double => new FixedBuffer<double>(name),
        DataType.Bool => new FixedBuffer<bool>(name),
        DataType.Date => new FixedBuffer<int>(name),
        DataType.Decimal or DataType.Wei => new FixedBuffer<Int128>(name),
        _ => new BytesBuffer(name),
    };

    /// <summary>Smallest and largest integer of the column.</summary>
    public (long Min, long Max) IntegerRange => IntegerBits switch
    {
        8 => (sbyte.MinValue, sbyte.MaxValue),
        16 => (short.MinValue, short.MaxValue),
        32 => (int.MinValue, int.MaxValue),
        _ => (long.MinValue, long.MaxValue),
    };
}
