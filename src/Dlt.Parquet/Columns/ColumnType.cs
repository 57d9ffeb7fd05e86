namespace Dlt.Parquet;

/// <summary>Type of the values of a Parquet column, which determines their form in buffers and files.</summary>
/// <remarks><see cref="Dlt.Parquet.ParquetColumn"/> checks the ranges.</remarks>
public readonly record struct ColumnType
{
    /// <summary>Maximum number of digits of a decimal.</summary>
    public const int MaxPrecision = 38;

    /// <summary>Data type of the values. <see cref="DataType.Json"/> is JSON text, or nested data if <see cref="Nested"/> is set.</summary>
    public required DataType DataType { get; init; }

    /// <summary>Bits of an integer: 8, 16, 32 or 64. Required for <see cref="DataType.Bigint"/>.</summary>
    public int IntegerBits { get; init; }

    /// <summary>
    /// Digits of a decimal: 1 to <see cref="MaxPrecision"/>. Required for <see cref="DataType.Decimal"/> and <see cref="DataType.Wei"/>.
    /// </summary>
    public int Precision { get; init; }

    /// <summary>Fraction digits of a decimal: 0 to <see cref="Precision"/>.</summary>
    public int Scale { get; init; }

    /// <summary>
    /// Fraction digits of a timestamp or time, 0 to 6. Values are truncated to seconds (0), milliseconds (1 to 3) or microseconds (4 to 6).
    /// Files store milliseconds for up to 3 digits, otherwise microseconds.
    /// </summary>
    public int FractionDigits { get; init; }

    /// <summary>True when timestamps are instants, which the file marks as UTC. False when they have no time zone.</summary>
    public bool IsUtc { get; init; }

    /// <summary>Length of every value of a binary column in bytes; 0 for any length.</summary>
    public int FixedBytes { get; init; }

    /// <summary>Nested type of a <see cref="DataType.Json"/> column of lists, structs or maps; null for JSON text.</summary>
    public NestedColumnType? Nested { get; init; }

    /// <summary>Smallest and largest integer with <see cref="IntegerBits"/> bits.</summary>
    public (long Min, long Max) IntegerRange => IntegerBits switch
    {
        8 => (sbyte.MinValue, sbyte.MaxValue),
        16 => (short.MinValue, short.MaxValue),
        32 => (int.MinValue, int.MaxValue),
        _ => (long.MinValue, long.MaxValue),
    };

    /// <summary>Creates an empty buffer for values of this type.</summary>
    /// <param name="name">Name of the column, for messages.</param>
    /// <returns><see cref="FixedBuffer{T}"/> of <c>long</c> for integers, and for timestamps and times in microseconds; of <c>int</c> for
    /// dates in days since 1970-01-01; of <c>double</c>; of <c>bool</c>; of <see cref="Int128"/> for decimals as unscaled values.
    /// <see cref="BytesBuffer"/> for all other types, with text and JSON in UTF-8.</returns>
    public ColumnBuffer NewBuffer(string name) => DataType switch
    {
        DataType.Bigint or DataType.Timestamp or DataType.Time => new FixedBuffer<long>(name),
        DataType.Double => new FixedBuffer<double>(name),
        DataType.Bool => new FixedBuffer<bool>(name),
        DataType.Date => new FixedBuffer<int>(name),
        DataType.Decimal or DataType.Wei => new FixedBuffer<Int128>(name),
        _ => new BytesBuffer(name),
    };

    /// <summary>Returns true for a buffer of the type that <see cref="NewBuffer"/> returns, and for a constant text.</summary>
    internal bool Takes(ColumnBuffer buffer) => DataType switch
    {
        DataType.Bigint or DataType.Timestamp or DataType.Time => buffer is FixedBuffer<long>,
        DataType.Double => buffer is FixedBuffer<double>,
        DataType.Bool => buffer is FixedBuffer<bool>,
        DataType.Date => buffer is FixedBuffer<int>,
        DataType.Decimal or DataType.Wei => buffer is FixedBuffer<Int128>,
        DataType.Text or DataType.Json when Nested is null => buffer is BytesBuffer or ConstantBuffer,
        _ => buffer is BytesBuffer,
    };

    /// <summary>Description of a parameter that is out of range; null when all are valid.</summary>
    internal string? Problem => DataType switch
    {
        DataType.Bigint when IntegerBits is not (8 or 16 or 32 or 64) => $"an integer has 8, 16, 32 or 64 bits, not {IntegerBits}",
        DataType.Decimal or DataType.Wei when Precision is < 1 or > MaxPrecision || Scale < 0 || Scale > Precision =>
            $"a decimal has 1 to {MaxPrecision} digits, and no more fraction digits than digits, not decimal({Precision},{Scale})",
        DataType.Timestamp or DataType.Time when FractionDigits is < 0 or > 6 => $"a time has 0 to 6 fraction digits, not {FractionDigits}",
        DataType.Binary when FixedBytes < 0 => $"a fixed length is 1 byte or more, not {FixedBytes}",
        DataType.Json when Nested is not null => ProblemOf(Nested),
        _ => null,
    };

    private static string? ProblemOf(NestedColumnType nested) => nested switch
    {
        NestedColumnType.List list => list.Element.Problem,
        NestedColumnType.Map { Key.Nested: not null } => "the key of a map must be a scalar",
        NestedColumnType.Map map => map.Key.Problem ?? map.Value.Problem,
        NestedColumnType.Struct { Fields.IsDefaultOrEmpty: true } => "a struct has at least one field",
        NestedColumnType.Struct structure => ProblemOf(structure),
        _ => null,
    };

    private static string? ProblemOf(NestedColumnType.Struct structure)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var field in structure.Fields)
        {
            if (!names.Add(field.Name)) return $"a struct has the field '{field.Name}' twice";
            if (field.Type.Problem is { } problem) return problem;
        }

        return null;
    }
}
