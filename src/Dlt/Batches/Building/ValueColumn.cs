using System.Numerics;
using System.Runtime.InteropServices;
using System.Text;
using Apache.Arrow.Types;
using Apache.Arrow;
using Dlt.Items;
using Dlt.Json;
using Array = System.Array;

namespace Dlt.Batches.Building;

/// <summary>
/// Collects the scalar values of one column, row by row. The first value determines the type; a value of another type is refused.
/// </summary>
internal sealed class ValueColumn(string name)
{
    private const int MaxDigits = 38;
    private const int LongText = 1 << 20;

    private ValueKind _kind;
    private long[] _longs = [];
    private double[] _doubles = [];
    private decimal[] _decimals = [];
    private int[] _ends = [];
    private byte[] _bytes = [];
    private bool[] _nulls = new bool[64];
    private int _nullCount;
    private int _maxScale;
    private int _maxWholeDigits;

    public string Name { get; } = WholeText.Checked(name);

    public int Rows { get; private set; }

    /// <summary>True when a value was appended that is not null.</summary>
    public bool HasValues => _kind != ValueKind.None;

    /// <summary>Approximate size of the values so far, in bytes.</summary>
    public long Size => _kind is ValueKind.Text or ValueKind.Binary ? End(Rows) + Rows * 4L : Rows * 8L;

    /// <summary>Appends a row without a value.</summary>
    public void AppendNull()
    {
        Reserve();
        if (_kind is ValueKind.Text or ValueKind.Binary) _ends[Rows] = End(Rows);
        _nulls[Rows++] = true;
        _nullCount++;
    }

    /// <summary>Appends a value that is stored as an integer: a number, a boolean, or a time.</summary>
    /// <returns>False when the column holds values of another kind.</returns>
    public bool TryAppend(ValueKind kind, long value)
    {
        if (_kind != kind && !Become(kind)) return false;
        Reserve();
        _longs[Rows++] = value;
        return true;
    }

    /// <summary>Appends a number. NaN and infinities become null, as in all items (docs/spec/pipeline.md 1.5).</summary>
    /// <returns>False when the column holds values of another kind.</returns>
    public bool TryAppend(double value)
    {
        if (!double.IsFinite(value))
        {
            AppendNull();
            return true;
        }

        if (_kind != ValueKind.Double && !Become(ValueKind.Double)) return false;
        Reserve();
        _doubles[Rows++] = value;
        return true;
    }

    /// <summary>Appends a decimal.</summary>
    /// <returns>
    /// False when the column holds values of another kind, or would need more than 38 digits for this value and the other values.
    /// </returns>
    public bool TryAppend(decimal value)
    {
        if (_kind != ValueKind.Decimal && !Become(ValueKind.Decimal)) return false;
        int scale = value.Scale, whole = WholeDigits(value);
        if (Math.Max(scale, _maxScale) + Math.Max(whole, _maxWholeDigits) > MaxDigits) return false;
        (_maxScale, _maxWholeDigits) = (Math.Max(scale, _maxScale), Math.Max(whole, _maxWholeDigits));
        Reserve();
        _decimals[Rows++] = value;
        return true;
    }

    /// <summary>Appends a text.</summary>
    /// <returns>False when the column holds values of another kind.</returns>
    public bool TryAppend(ReadOnlySpan<char> text)
    {
        if (_kind != ValueKind.Text && !Become(ValueKind.Text)) return false;
        WholeText.Check(text, Name);
        Reserve();
        var start = End(Rows);
        ReserveBytes(start + MaxBytesOf(text));
        _ends[Rows++] = start + Encoding.UTF8.GetBytes(text, _bytes.AsSpan(start));
        return true;
    }

    /// <summary>Appends bytes: a binary value, or a text in UTF-8.</summary>
    /// <returns>False when the column holds values of another kind.</returns>
    public bool TryAppend(ValueKind kind, ReadOnlySpan<byte> bytes)
    {
        if (_kind != kind && !Become(kind)) return false;
        TextLimit.Check(bytes.Length, Name);
        Reserve();
        var start = End(Rows);
        ReserveBytes(start + bytes.Length);
        bytes.CopyTo(_bytes.AsSpan(start));
        _ends[Rows++] = start + bytes.Length;
        return true;
    }

    /// <summary>Removes all rows from index <paramref name="rows"/> on. A column without rows has no kind.</summary>
    public void Truncate(int rows)
    {
        for (; Rows > rows; Rows--)
        {
            if (!_nulls[Rows - 1]) continue;
            _nulls[Rows - 1] = false;
            _nullCount--;
        }

        if (rows == 0) Forget();
    }

    /// <summary>Returns the values as an Arrow array. The column is then empty and has no kind.</summary>
    public (Field Field, IArrowArray Array) Build()
    {
        var type = Type();
        ArrowBuffer[] buffers = _kind switch
        {
            ValueKind.None => [],
            ValueKind.Bool => [Validity(), Bits()],
            ValueKind.Double => [Validity(), Copy<double>(_doubles)],
            ValueKind.Decimal => [Validity(), Unscaled()],
            ValueKind.Date => [Validity(), Copy<int>([.. _longs.Take(Rows).Select(d => (int)d)])],
            ValueKind.Text or ValueKind.Binary => [Validity(), Offsets(), new ArrowBuffer(_bytes.AsSpan(0, End(Rows)).ToArray())],
            _ => [Validity(), Copy<long>(_longs)],
        };
        IArrowArray array = _kind == ValueKind.None
            ? new NullArray(Rows)
            : ArrowArrayFactory.BuildArray(new ArrayData(type, Rows, _nullCount, 0, buffers, []));
        Array.Clear(_nulls);
        Rows = _nullCount = 0;
        Forget();
        return (new Field(Name, type, nullable: true), array);
    }

    private void Forget()
    {
        _kind = ValueKind.None;
        _maxScale = _maxWholeDigits = 0;
    }

    private IArrowType Type() => _kind switch
    {
        ValueKind.None => NullType.Default,
        ValueKind.Bool => BooleanType.Default,
        ValueKind.Integer => Int64Type.Default,
        ValueKind.Double => DoubleType.Default,
        ValueKind.Decimal => new Decimal128Type(MaxDigits, _maxScale),
        ValueKind.Text => StringType.Default,
        ValueKind.Binary => BinaryType.Default,
        ValueKind.Instant => new TimestampType(TimeUnit.Microsecond, "UTC"),
        ValueKind.NaiveTime => new TimestampType(TimeUnit.Microsecond, (string?)null),
        ValueKind.Date => Date32Type.Default,
        _ => new Time64Type(TimeUnit.Microsecond),
    };

    private bool Become(ValueKind kind)
    {
        if (_kind != ValueKind.None) return false;
        _kind = kind;
        var room = _nulls.Length;
        switch (kind)
        {
            case ValueKind.Double:
                Array.Resize(ref _doubles, Math.Max(room, _doubles.Length));
                break;
            case ValueKind.Decimal:
                Array.Resize(ref _decimals, Math.Max(room, _decimals.Length));
                break;
            case ValueKind.Text or ValueKind.Binary:
                Array.Resize(ref _ends, Math.Max(room, _ends.Length));
                Array.Clear(_ends, 0, Rows);
                break;
            default:
                Array.Resize(ref _longs, Math.Max(room, _longs.Length));
                break;
        }

        return true;
    }

    private void Reserve()
    {
        if (Rows < _nulls.Length) return;
        var room = _nulls.Length * 2;
        Array.Resize(ref _nulls, room);
        if (_longs.Length > 0) Array.Resize(ref _longs, room);
        if (_doubles.Length > 0) Array.Resize(ref _doubles, room);
        if (_decimals.Length > 0) Array.Resize(ref _decimals, room);
        if (_ends.Length > 0) Array.Resize(ref _ends, room);
    }

    /// <summary>Returns an upper limit for the UTF-8 bytes of a text; for long texts the exact number.</summary>
    private int MaxBytesOf(ReadOnlySpan<char> text)
    {
        if (text.Length < LongText) return Encoding.UTF8.GetMaxByteCount(text.Length);
        var bytes = text.Length > TextLimit.MaxBytes ? text.Length : Encoding.UTF8.GetByteCount(text);
        TextLimit.Check(bytes, Name);
        return bytes;
    }

    private void ReserveBytes(int length)
    {
        if (length > _bytes.Length) Array.Resize(ref _bytes, Math.Max(length, Math.Max(1024, _bytes.Length * 2)));
    }

    private int End(int row) => row == 0 ? 0 : _ends[row - 1];

    private ArrowBuffer Copy<T>(T[] values)
        where T : unmanaged => new(MemoryMarshal.AsBytes(values.AsSpan(0, Rows)).ToArray());

    private ArrowBuffer Validity()
    {
        if (_nullCount == 0) return ArrowBuffer.Empty;
        var bits = new byte[(Rows + 7) / 8];
        for (var row = 0; row < Rows; row++)
            if (!_nulls[row]) bits[row >> 3] |= (byte)(1 << (row & 7));
        return new(bits);
    }

    private ArrowBuffer Bits()
    {
        var bits = new byte[(Rows + 7) / 8];
        for (var row = 0; row < Rows; row++)
            if (_longs[row] != 0 && !_nulls[row]) bits[row >> 3] |= (byte)(1 << (row & 7));
        return new(bits);
    }

    private ArrowBuffer Offsets()
    {
        var offsets = new int[Rows + 1];
        _ends.AsSpan(0, Rows).CopyTo(offsets.AsSpan(1));
        return new(MemoryMarshal.AsBytes<int>(offsets).ToArray());
    }

    private ArrowBuffer Unscaled()
    {
        var values = new Int128[Rows];
        for (var row = 0; row < Rows; row++)
        {
            if (_nulls[row]) continue;
            Int128 unscaled = Unscaled(_decimals[row]);
            for (var scale = _decimals[row].Scale; scale < _maxScale; scale++) unscaled *= 10;
            values[row] = decimal.IsNegative(_decimals[row]) ? -unscaled : unscaled;
        }

        return new(MemoryMarshal.AsBytes<Int128>(values).ToArray());
    }

    private static Int128 Unscaled(decimal value)
    {
        Span<int> parts = stackalloc int[4];
        decimal.GetBits(value, parts);
        return new Int128((uint)parts[2], ((ulong)(uint)parts[1] << 32) | (uint)parts[0]);
    }

    private static int WholeDigits(decimal value)
    {
        var whole = decimal.Truncate(decimal.Abs(value));
        if (whole < 10) return 1;
        return whole <= long.MaxValue
            ? (int)Math.Log10((double)whole) + 2
            : ((BigInteger)whole).ToString(System.Globalization.CultureInfo.InvariantCulture).Length;
    }
}
