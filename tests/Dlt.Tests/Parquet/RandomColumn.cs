using System.Buffers.Binary;
using System.Numerics;
using System.Text;
using Dlt.Parquet;
using Dlt.Types;

namespace Dlt.Tests.Parquet;

/// <summary>A column of random values: the buffer, and the statistics that a file should have for it.</summary>
internal sealed class RandomColumn
{
    private readonly Func<Random, object> _value;
    private readonly Func<byte[], object> _read;
    private readonly IComparer<object> _order;

    private RandomColumn(ParquetColumn column, Func<Random, object> value, Func<byte[], object> read, IComparer<object>? order = null)
    {
        Column = column;
        _value = value;
        _read = read;
        _order = order ?? Comparer<object>.Default;
    }

    public ParquetColumn Column { get; }

    public ColumnBuffer Buffer { get; private set; } = null!;

    /// <summary>Values as the file holds them: long, double, Int128, bool or bytes; null for null.</summary>
    public IReadOnlyList<object?> Values { get; private set; } = [];

    public static IReadOnlyList<RandomColumn> All() =>
    [
        Longs("long", new() { DataType = DataType.Bigint, IntegerBits = 64 }, r => r.NextInt64(long.MinValue, long.MaxValue)),
        Longs("few", new() { DataType = DataType.Bigint, IntegerBits = 64 }, r => r.Next(-3, 4)),
        Longs("int", new() { DataType = DataType.Bigint, IntegerBits = 32 }, r => r.Next()),
        Longs("micros", new() { DataType = DataType.Timestamp, FractionDigits = 6 }, r => r.NextInt64(-1L << 50, 1L << 50)),
        Longs("millis", new() { DataType = DataType.Timestamp, FractionDigits = 3 }, r => r.NextInt64(-1L << 50, 1L << 50), unit: 1000),
        Longs("time", new() { DataType = DataType.Time, FractionDigits = 3 }, r => r.NextInt64(0, 86_400_000_000), unit: 1000),
        Of("day", new() { DataType = DataType.Date }, r => (long)r.Next(-100_000, 100_000),
            b => (long)BinaryPrimitives.ReadInt32LittleEndian(b)),
        Of("double", new() { DataType = DataType.Double }, r => (r.NextDouble() - 0.5) * Math.Pow(10, r.Next(-9, 9)),
            b => BinaryPrimitives.ReadDoubleLittleEndian(b)),
        Of("zeros", new() { DataType = DataType.Double }, r => r.Next(2) == 0 ? 0.0 : -0.0,
            b => BinaryPrimitives.ReadDoubleLittleEndian(b)),
        Of("nan", new() { DataType = DataType.Double }, r => r.Next(300) == 0 ? double.NaN : r.NextDouble(),
            b => BinaryPrimitives.ReadDoubleLittleEndian(b)),
        Of("bool", new() { DataType = DataType.Bool }, r => r.Next(40) == 0, b => b[0] == 1),
        Decimals("decimal9", 9, isInteger: true), Decimals("decimal18", 18, isInteger: true), Decimals("decimal38", 38, isInteger: true),
        Decimals("fixed9", 9, isInteger: false), Decimals("fixed18", 18, isInteger: false), Decimals("fixed38", 38, isInteger: false),
        Bytes("text", new() { DataType = DataType.Text }, Text),
        Bytes("repeated", new() { DataType = DataType.Text }, r => Encoding.UTF8.GetBytes($"group {r.Next(5)}")),
        Bytes("binary", new() { DataType = DataType.Binary }, Binary),
        Bytes("fixed20", new() { DataType = DataType.Binary, FixedBytes = 20 }, r => Filled(r, 20)),
        new(new("uuid", new() { DataType = DataType.Binary, FixedBytes = 16 }, isRequired: false) { IsUuid = true }, r => Filled(r, 16),
            b => b, ByteOrder),
    ];

    /// <summary>Adds random rows; nulls come singly and in long runs.</summary>
    public void Draw(Random random, int rows)
    {
        Buffer = Column.Type.NewBuffer(Column.Name);
        var values = new object?[rows];
        var (nulls, left) = (0.0, 0);
        var isSorted = random.Next(3) == 0;
        var drawn = Enumerable.Range(0, rows).Select(_ => _value(random)).ToList();
        if (isSorted) drawn.Sort(_order);
        if (isSorted && random.Next(2) == 0) drawn.Reverse();
        for (var row = 0; row < rows; row++)
        {
            if (left-- == 0) (nulls, left) = (random.Next(4) switch { 0 => 1.0, 1 => 0.2, _ => 0.0 }, random.Next(1, 200));
            if (random.NextDouble() < nulls) continue;
            values[row] = drawn[row];
            Append(row, drawn[row]);
        }

        Values = values;
    }

    public int Compare(object a, object b) => _order.Compare(a, b);

    /// <summary>Bytes of a bound in the page index or the footer.</summary>
    public object Read(byte[] bound) => _read(bound);

    private void Append(int row, object value)
    {
        switch (Buffer)
        {
            case FixedBuffer<long> longs:
                longs.Append(row,
                (long)value * (Column.Type.FractionDigits == 3 ? 1000 : 1) + (Column.Type.FractionDigits == 3 ? row % 1000 : 0));
                break;
            case FixedBuffer<int> days:
                days.Append(row, (int)(long)value);
                break;
            case FixedBuffer<double> doubles:
                doubles.Append(row, (double)value);
                break;
            case FixedBuffer<bool> flags:
                flags.Append(row, (bool)value);
                break;
            case FixedBuffer<Int128> decimals:
                decimals.Append(row, (Int128)value);
                break;
            default:
                ((BytesBuffer)Buffer).Append(row, (byte[])value);
                break;
        }
    }

    private static RandomColumn Of(string name, ColumnType type, Func<Random, object> value, Func<byte[], object> read) =>
        new(new(name, type, isRequired: false), value, read);

    private static RandomColumn Longs(string name, ColumnType type, Func<Random, long> value, long unit = 1)
    {
        var column = new ParquetColumn(name, type, isRequired: false);
        return new(column, r => value(r) / unit,
            b => b.Length == 4 ? (long)BinaryPrimitives.ReadInt32LittleEndian(b) : BinaryPrimitives.ReadInt64LittleEndian(b));
    }

    private static RandomColumn Decimals(string name, int precision, bool isInteger)
    {
        var most = (Int128)BigInteger.Pow(10, precision) - 1;
        var column = new ParquetColumn(name, new() { DataType = DataType.Decimal, Precision = precision, Scale = 2 }, isRequired: false)
        { HasIntegerDecimals = isInteger };
        return new(column, r => r.Next(4) == 0
            ? r.Next(-9, 9)
            : new Int128((ulong)r.NextInt64(), (ulong)r.NextInt64()) % most * (r.Next(2) == 0 ? 1 : -1), b => column.PhysicalType switch
        {
            PhysicalType.Int32 => (Int128)BinaryPrimitives.ReadInt32LittleEndian(b),
            PhysicalType.Int64 => (Int128)BinaryPrimitives.ReadInt64LittleEndian(b),
            _ => (Int128)new BigInteger(b, isBigEndian: true),
        });
    }

    private static RandomColumn Bytes(string name, ColumnType type, Func<Random, byte[]> value) =>
        new(new(name, type, isRequired: false), value, b => b, ByteOrder);

    private static IComparer<object> ByteOrder { get; } = Comparer<object>.Create((a, b) => ((byte[])a).AsSpan()
        .SequenceCompareTo((byte[])b));

    private static byte[] Text(Random random)
    {
        string[] parts = ["", "a", "é", "漢", "🎲", "\U0010FFFF", "\uD7FF", "\uFFFF", "\u007F", "\u07FF"];
        var text = new StringBuilder();
        var part = parts[random.Next(parts.Length)];
        for (var n = random.Next(3) == 0 ? random.Next(90) : random.Next(4); n > 0; n--)
            text.Append(random.Next(20) == 0 ? parts[random.Next(parts.Length)] : part);
        return Encoding.UTF8.GetBytes(text.ToString());
    }

    private static byte[] Binary(Random random) =>
        random.Next(4) == 0 ? [.. Enumerable.Repeat((byte)0xFF, random.Next(60, 100))] : Filled(random, random.Next(80));

    private static byte[] Filled(Random random, int length)
    {
        var bytes = new byte[length];
        random.NextBytes(bytes);
        return bytes;
    }
}
