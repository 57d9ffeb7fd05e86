using Dlt.Types;

namespace Dlt.Parquet;

/// <summary>A column of a file: of values, or of lists, structs or maps with columns of values below it.</summary>
public sealed class ParquetColumn
{
    private const int Int32Digits = 9;
    private const int Int64Digits = 18;

    /// <summary>Describes a column.</summary>
    /// <param name="name">Its name; no two columns of a file have one name.</param>
    /// <param name="type">The type of its values.</param>
    /// <param name="isRequired">
    /// True: no value is null. Columns of lists, structs and maps are optional all the same.
    /// </param>
    /// <param name="fieldId">The field id in the file, as Iceberg has them; null for none. Parts of nested columns have none.</param>
    /// <exception cref="ArgumentException">The name is empty, or a number of the type is outside its range.</exception>
    public ParquetColumn(string name, ColumnType type, bool isRequired, int? fieldId = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        if (type.Problem is { } problem) throw new ArgumentException($"Column '{name}' cannot be: {problem}.", nameof(type));
        Name = name;
        Type = type;
        IsRequired = isRequired;
        FieldId = fieldId;
    }

    /// <summary>The name.</summary>
    public string Name { get; }

    /// <summary>The type of the values.</summary>
    public ColumnType Type { get; }

    /// <summary>True: no value is null.</summary>
    public bool IsRequired { get; }

    /// <summary>The field id in the file; null for none.</summary>
    public int? FieldId { get; }

    /// <summary>Names from the root to the leaf.</summary>
    internal IReadOnlyList<string> Path { get => field ?? [Name]; init; }

    /// <summary>Repetition level of elements of the innermost list around the leaf; 0 outside lists.</summary>
    internal int MaxRepetition { get; init; }

    /// <summary>Definition level of a value of a leaf within a nested column.</summary>
    internal int MaxDefinition { get; init; }

    /// <summary>
    /// True: decimals of up to 9 digits are INT32, of up to 18 INT64, as Iceberg has it (Iceberg spec, appendix A).
    /// False: all are of fixed length, as Hive, Athena and Python dlt write external tables.
    /// </summary>
    public bool HasIntegerDecimals { get; init; }

    /// <summary>True: values of 16 bytes are UUIDs, big-endian, and the file marks them so.</summary>
    public bool IsUuid { get; init; }

    /// <summary>True: values are UTF-8.</summary>
    internal bool IsText => Type.DataType is DataType.Text or DataType.Json;

    internal bool IsDecimal => Type.DataType is DataType.Decimal or DataType.Wei;

    /// <summary>True for lists, structs and maps.</summary>
    public bool IsNested => Type.Nested is not null;

    /// <summary>The names of <see cref="Path"/>, joined by a character that names do not have: two leaves have two keys.</summary>
    internal string Key => string.Join('\0', Path);

    /// <summary>The leaves, in the order of the file.</summary>
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

    /// <summary>Bytes of a fixed-length value: for decimals the fewest that hold the precision.</summary>
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
