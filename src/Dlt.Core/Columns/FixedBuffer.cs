using System.Runtime.CompilerServices;

namespace Dlt.Columns;

/// <summary>A column of fixed-size values: bigint, timestamp and time (µs), date (days), double, bool, decimal (unscaled).</summary>
internal sealed class FixedBuffer<T>(string name) : ColumnBuffer(name)
    where T : unmanaged
{
    private T[] _values = new T[64];

    public override long ByteSize => (long)ValueCount * Unsafe.SizeOf<T>();

    public ReadOnlySpan<T> Values => _values.AsSpan(0, ValueCount);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Append(int row, T value)
    {
        var at = ValueCount;
        if ((uint)at >= (uint)_values.Length) Array.Resize(ref _values, _values.Length * 2);
        _values[at] = value;
        Claim(row);
    }

    protected override void RemoveLast()
    {
    }
}
