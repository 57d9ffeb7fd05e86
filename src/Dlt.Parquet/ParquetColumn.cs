namespace Dlt.Parquet;

/// <summary>A column of a file: a column of scalar values, or of lists, structs or maps with columns below it.</summary>
public sealed class ParquetColumn
{
    private const int Int32Digits = 9;
    private const int Int64Digits = 18;

    /// <summary>Creates the definition of a column.</summary>
    /// <param name="name">Name of the column, unique within the file.</param>
    /// <param name="type">Type of the values.</param>
    /// <param name="isRequired">True when no value is null. Columns of lists, structs and maps are always optional in the file.</param>
    /// <param name="fieldId">Field id in the file, as used by Iceberg; null for none. Parts of nested columns have none.</param>
    /// <exception cref="ArgumentException">The name is empty, or a parameter of the type is out of range.</exception>
    public ParquetColumn(string name, ColumnType type, bool isRequired, int? fieldId = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        if (type.Problem is { } problem) throw new ArgumentException($"The type of column '{name}' is not valid: {problem}.", nameof(type));
        Name = name;
        Type = type;
        IsRequired = isRequired;
        FieldId = fieldId;
    }

    /// <summary>Name of the column.</summary>
    public string Name { get; }

    /// <summary>Type of the values.</summary>
    public ColumnType Type { get; }

    /// <summary>True when no value is null.</summary>
    public bool IsRequired { get; }

    /// <summary>Field id in the file; null for none.</summary>
    public int? FieldId { get; }

    /// <summary>Names from the root to the leaf.</summary>
    internal IReadOnlyList<string> Path { get => field ?? [Name]; init; }

    /// <summary>Repetition level of elements of the innermost list around the leaf; 0 outside of lists.</summary>
    internal int MaxRepetition { get; init; }

    /// <summary>Definition level at which a leaf of a nested column has a value.</summary>
    internal int MaxDefinition { get; init; }

    /// <summary>
    /// True to store decimals of up to 9 digits as INT32 and of up to 18 digits as INT64 (Iceberg spec, appendix A). False to store all
    /// decimals as fixed-length bytes, as Hive, Athena and Python dlt do in external tables.
    /// </summary>
    public bool HasIntegerDecimals { get; init; }

    /// <summary>True when the values are UUIDs of 16 bytes, big-endian, and the file marks them as such.</summary>
    public bool IsUuid { get; init; }

    /// <summary>True when the values are UTF-8.</summary>
    internal bool IsText => Type.DataType is DataType.Text or DataType.Json;

    internal bool IsDecimal => Type.DataType is DataType.Decimal or DataType.Wei;

    /// <summary>True for lists, structs and maps.</summary>
    public bool IsNested => Type.Nested is not null;

    /// <summary>Unique key of a leaf: the names of <see cref="Path"/>, joined by a character that names cannot contain.</summary>
    internal string Key => string.Join('\0', Path);

    /// <summary>Leaves of the column, in the order of the file.</summary>
    internal IEnumerable<ParquetColumn> Leaves => IsNested ? Nested.NestedNode.Of(this).Leaves.Select(n => n.Leaf!) : [this];

    internal PhysicalType PhysicalType => Type.DataType switch
    {
        DataType.Bool => PhysicalType.Boolean,
        DataType.Bigint => Type.IntegerBits <= 32 ? PhysicalType.Int32 : PhysicalType.Int64,
        DataType.Date => PhysicalType.Int32,
        DataType.Timestamp => PhysicalType.Int64,
        DataType.Time => Type.FractionDigits <= 3 ? PhysicalType.Int32 : PhysicalType.Int64,
        DataType.Double => PhysicalType.Double,
        DataType.Decimal or DataType.Wei when HasIntegerDecimals && Type.Precision <= Int32Digits => PhysicalType.Int32,
        DataType.Decimal or DataType.Wei when HasIntegerDecimals && Type.Precision <= Int64Digits => PhysicalType.Int64,
        DataType.Decimal or DataType.Wei => PhysicalType.FixedLenByteArray,
        DataType.Binary when Type.FixedBytes > 0 => PhysicalType.FixedLenByteArray,
        _ => PhysicalType.ByteArray,
    };

    /// <summary>Bytes of a fixed-length value; for decimals the minimum for the precision.</summary>
    internal int TypeLength => Type.DataType switch
    {
        DataType.Decimal or DataType.Wei => DecimalBytes(Type.Precision),
        _ => Type.FixedBytes,
    };

    private static int DecimalBytes(int precision)
    {
        var bytes = 1;
        while (Math.Pow(2, (8 * bytes) - 1) < Math.Pow(10, precision)) bytes++;
        return bytes;
    }
}
