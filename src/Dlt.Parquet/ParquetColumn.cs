using Dlt.Columns;

namespace Dlt.Parquet;

/// <summary>One column of the file's schema: a leaf, or a nested column with leaves below it.</summary>
internal sealed record ParquetColumn(string Name, ColumnType Type, bool IsRequired, int? FieldId = null)
{
    private const int Int32Digits = 9;
    private const int Int64Digits = 18;

    /// <summary>Names from the root to the leaf.</summary>
    public IReadOnlyList<string> Path { get => field ?? [Name]; init; }

    /// <summary>Repetition level of elements of the innermost list around the leaf; 0 outside lists.</summary>
    public int MaxRepetition { get; init; }

    /// <summary>Definition level of a value of a leaf within a nested column.</summary>
    public int MaxDefinition { get; init; }

    /// <summary>
    /// True: decimals of up to 9 digits are INT32, of up to 18 INT64, as Iceberg has it (Iceberg spec, appendix A).
    /// False: all are of fixed length, as Hive, Athena and Python dlt write external tables.
    /// </summary>
    public bool HasIntegerDecimals { get; init; }

    /// <summary>True: 16 bytes are a UUID, big-endian.</summary>
    public bool IsUuid { get; init; }

    /// <summary>True: values are UTF-8.</summary>
    public bool IsText => Type.DataType is Types.DataType.Text or Types.DataType.Json;

    public bool IsDecimal => Type.DataType is Types.DataType.Decimal or Types.DataType.Wei;

    /// <summary>True when there are leaves below.</summary>
    public bool IsNested => Type.Nested is not null;

    /// <summary>Tells leaves apart; names of columns have no point.</summary>
    public string Key => string.Join('.', Path);

    /// <summary>The leaves, in the order of the file.</summary>
    public IEnumerable<ParquetColumn> Leaves => IsNested ? Nested.NestedNode.Of(this).Leaves.Select(n => n.Leaf!) : [this];

    public PhysicalType PhysicalType => Type.DataType switch
    {
        Types.DataType.Bool => PhysicalType.Boolean,
        Types.DataType.Bigint => Type.IntegerBits <= 32 ? PhysicalType.Int32 : PhysicalType.Int64,
        Types.DataType.Date => PhysicalType.Int32,
        Types.DataType.Timestamp => PhysicalType.Int64,
        Types.DataType.Time => Type.FractionDigits <= 3 ? PhysicalType.Int32 : PhysicalType.Int64,
        Types.DataType.Double => PhysicalType.Double,
        Types.DataType.Decimal or Types.DataType.Wei when HasIntegerDecimals && Type.Precision <= Int32Digits => PhysicalType.Int32,
        Types.DataType.Decimal or Types.DataType.Wei when HasIntegerDecimals && Type.Precision <= Int64Digits => PhysicalType.Int64,
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
