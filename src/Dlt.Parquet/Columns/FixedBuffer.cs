using System.Runtime.CompilerServices;

namespace Dlt.Columns;

/// <summary>A column of fixed-size values: bigint, timestamp and time (µs), date (days), double, bool, decimal (unscaled).</summary>
internal sealed unsafe class FixedBuffer<T>(string name) : ColumnBuffer(name)
    where T : unmanaged
{
    private readonly NativeArray<T> _values = new();

    public override long ByteSize => (long)ValueCount * Unsafe.SizeOf<T>();

    public ReadOnlySpan<T> Values => _values.AsSpan(0, ValueCount);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Append(int row, T value)
    {
        var at = ValueCount;
        if (at >= _values.Length) _values.Reserve(at + 1L);
        _values.Start[at] = value;
        Claim(row);
    }

    public override ColumnBuffer NewEmpty()
    {
        var empty = new FixedBuffer<T>(Name);
        empty._values.Expect(ValueCount);
        return empty;
    }

    public override void Release()
    {
        base.Release();
        _values.Free();
    }

    protected override void RemoveLast()
    {
    }

    protected override void AppendFrom(int row, ColumnBuffer other, int index) => Append(row, ((FixedBuffer<T>)other).Values[index]);

    protected override void AppendValues(ColumnBuffer other)
    {
        var source = (FixedBuffer<T>)other;
        _values.Reserve(ValueCount + (long)source.ValueCount);
        source.Values.CopyTo(_values.AsSpan(ValueCount, source.ValueCount));
    }
}
