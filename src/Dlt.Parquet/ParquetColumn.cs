using Dlt.Columns;

namespace Dlt.Parquet;

/// <summary>One leaf of the file's schema.</summary>
internal sealed record ParquetColumn(string Name, ColumnType Type, bool IsRequired, int? FieldId = null)
{
    public PhysicalType PhysicalType => Type.DataType switch
    {
        Types.DataType.Bool => PhysicalType.Boolean,
        Types.DataType.Bigint => Type.IntegerBits <= 32 ? PhysicalType.Int32 : PhysicalType.Int64,
        Types.DataType.Date => PhysicalType.Int32,
        Types.DataType.Timestamp => PhysicalType.Int64,
        Types.DataType.Time => Type.FractionDigits <= 3 ? PhysicalType.Int32 : PhysicalType.Int64,
        Types.DataType.Double => PhysicalType.Double,
        Types.DataType.Decimal or Types.DataType.Wei => PhysicalType.FixedLenByteArray,
        Types.DataType.Binary when Type.FixedBytes > 0 => PhysicalType.FixedLenByteArray,
        _ => PhysicalType.ByteArray,
    };

    /// <summary>Bytes of a fixed-length value: for decimals the fewest that hold the precision.</summary>
    public int TypeLength => Type.DataType switch
    {
        Types.DataType.Decimal or Types.DataType.Wei => DecimalBytes(Type.Precision),
        _ => Type.FixedBytes,
    };

    private static int DecimalBytes(int precision)
    {
        var bytes = 1;
        while (Math.Pow(2, (8 * bytes) - 1) < Math.Pow(10, precision)) bytes++;
        return bytes;
    }
}

/// <summary>Physical types by their number in the format.</summary>
internal enum PhysicalType
{
    Boolean = 0,
    Int32 = 1,
    Int64 = 2,
    Double = 5,
    ByteArray = 6,
    FixedLenByteArray = 7,
}
