using Dlt.Types;

namespace Dlt.Parquet;

/// <summary>The type of the values of a Parquet column: how a buffer holds them, and how a file does.</summary>
/// <remarks><see cref="Dlt.Parquet.ParquetColumn"/> checks the ranges.</remarks>
public readonly record struct ColumnType
{
    /// <summary>Most digits of a decimal.</summary>
    public const int MaxPrecision = 38;

    /// <summary>The kind of the values. <see cref="DataType.Json"/> is text, or nested where <see cref="Nested"/> is set.</summary>
    public required DataType DataType { get; init; }

    /// <summary>Bits of an integer: 8, 16, 32 or 64. Set for <see cref="DataType.Bigint"/>.</summary>
    public int IntegerBits { get; init; }

    /// <summary>Digits of a decimal: 1 to <see cref="MaxPrecision"/>. Set for <see cref="DataType.Decimal"/> and Wei.</summary>
    public int Precision { get; init; }

    /// <summary>Fraction digits of a decimal: 0 to <see cref="Precision"/>.</summary>
    public int Scale { get; init; }

    /// <summary>
    /// Fraction digits of a timestamp or time that are kept: 0, 3 or 6. Files hold milliseconds for up to 3, else microseconds.
    /// </summary>
    public int FractionDigits { get; init; }

    /// <summary>True: timestamps are instants, and the file marks them as UTC. False: they have no time zone.</summary>
    public bool IsUtc { get; init; }

    /// <summary>Bytes of every value of a binary column; 0 for any length.</summary>
    public int FixedBytes { get; init; }

    /// <summary>The parts of a <see cref="DataType.Json"/> column of lists, structs or maps; null for JSON text.</summary>
    public NestedColumnType? Nested { get; init; }

    /// <summary>Smallest and largest integer of <see cref="IntegerBits"/>.</summary>
    public (long Min, long Max) IntegerRange => IntegerBits switch
    {
        8 => (sbyte.MinValue, sbyte.MaxValue),
        16 => (short.MinValue, short.MaxValue),
        32 => (int.MinValue, int.MaxValue),
        _ => (long.MinValue, long.MaxValue),
    };

    /// <summary>An empty buffer for values of this type.</summary>
    /// <param name="name">The name of the column, for messages.</param>
    /// <returns>
    /// <see cref="FixedBuffer{T}"/> of long for integers, and for timestamps and times in microseconds; of int for dates, in days since
    /// 1970-01-01; of double; of bool; of <see cref="Int128"/> for decimals, as unscaled values. <see cref="BytesBuffer"/> for the others:
    /// UTF-8 for text and JSON.
    /// </returns>
    public ColumnBuffer NewBuffer(string name) => DataType switch
    {
        DataType.Bigint or DataType.Timestamp or DataType.Time => new FixedBuffer<long>(name),
        DataType.Double => new FixedBuffer<double>(name),
        DataType.Bool => new FixedBuffer<bool>(name),
        DataType.Date => new FixedBuffer<int>(name),
        DataType.Decimal or DataType.Wei => new FixedBuffer<Int128>(name),
        _ => new BytesBuffer(name),
    };

    /// <summary>True for a buffer as <see cref="NewBuffer"/> makes them, and for a constant text.</summary>
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

    /// <summary>What is wrong with the ranges; null for nothing.</summary>
    internal string? Problem => DataType switch
    {
        DataType.Bigint when IntegerBits is not (8 or 16 or 32 or 64) => $"integers have 8, 16, 32 or 64 bits, not {IntegerBits}",
        DataType.Decimal or DataType.Wei when Precision is < 1 or > MaxPrecision || Scale < 0 || Scale > Precision =>
            $"decimals have 1 to {MaxPrecision} digits, of which 0 to all are of the fraction, not decimal({Precision},{Scale})",
        DataType.Timestamp or DataType.Time when FractionDigits is < 0 or > 6 => $"times have 0 to 6 fraction digits, not {FractionDigits}",
        DataType.Binary when FixedBytes < 0 => $"binary values of fixed length have 1 byte or more, not {FixedBytes}",
        DataType.Json when Nested is not null => ProblemOf(Nested),
        _ => null,
    };

    private static string? ProblemOf(NestedColumnType nested) => nested switch
    {
        NestedColumnType.List list => list.Element.Problem,
        NestedColumnType.Map { Key.Nested: not null } => "keys of maps have no parts",
        NestedColumnType.Map map => map.Key.Problem ?? map.Value.Problem,
        NestedColumnType.Struct { Fields.IsDefaultOrEmpty: true } => "structs have one field or more",
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
