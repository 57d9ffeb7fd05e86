using Dlt.Columns;

namespace Dlt.Parquet;

/// <summary>One column of the file's schema: a leaf, or a nested column with leaves below it.</summary>
internal sealed record ParquetColumn(string Name, ColumnType Type, bool IsRequired, int? FieldId = null)
{
    /// <summary>Names from the root to the leaf.</summary>
    public IReadOnlyList<string> Path { get => field ?? [Name]; init; }

    /// <summary>Repetition level of elements of the innermost list around the leaf; 0 outside lists.</summary>
    public int MaxRepetition { get; init; }

    /// <summary>Definition level of a value of a leaf within a nested column.</summary>
    public int MaxDefinition { get; init; }

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
