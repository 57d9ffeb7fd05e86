using System.Runtime.CompilerServices;

namespace Dlt.Parquet;

/// <summary>
/// A column of values with a fixed size: <c>long</c> for integers and for timestamps and times in microseconds, <c>int</c> for dates in
/// days since 1970-01-01, <c>double</c>, <c>bool</c>, <see cref="Int128"/> for unscaled decimals (<see cref="ColumnType.NewBuffer"/>).
/// </summary>
/// <typeparam name="T">One of these types.</typeparam>
/// <param name="name">Name of the column, for messages.</param>
public sealed unsafe class FixedBuffer<T>(string name) : ColumnBuffer(name)
    where T : unmanaged
{
    private readonly NativeArray<T> _values = new();

    /// <inheritdoc/>
    public override long ByteSize => (long)ValueCount * Unsafe.SizeOf<T>();

    /// <summary>Values that are not null, in order. Valid until the next change of the buffer.</summary>
    public ReadOnlySpan<T> Values => _values.AsSpan(0, ValueCount);

    /// <summary>Appends a value.</summary>
    /// <param name="row">Row of the value: <see cref="ColumnBuffer.Rows"/> or later. Skipped rows are null.</param>
    /// <param name="value">Value of the row.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Append(int row, T value)
    {
        var at = ValueCount;
        if (at >= _values.Length) _values.Reserve(at + 1L);
        _values.Start[at] = value;
        Claim(row);
    }

    /// <inheritdoc/>
    public override ColumnBuffer NewEmpty()
    {
        var empty = new FixedBuffer<T>(Name);
        empty._values.Expect(ValueCount);
        return empty;
    }

    /// <inheritdoc/>
    public override void Release()
    {
        base.Release();
        _values.Free();
    }

    /// <summary>Returns space for values behind the last one. <see cref="ColumnBuffer.AppendRows"/> adds their rows.</summary>
    internal Span<T> NewValues(int count)
    {
        _values.Reserve(ValueCount + (long)count);
        return _values.AsSpan(ValueCount, count);
    }

    internal override void Expect(int values, long bytes) => _values.Expect(values);

    private protected override void MoveValues(int from, int to, int count)
    {
        if (from != to) _values.AsSpan(from, count).CopyTo(_values.AsSpan(to, count));
    }

    private protected override void RemoveLast()
    {
    }

    private protected override void AppendFrom(int row, ColumnBuffer other, int index) =>
        Append(row, ((FixedBuffer<T>)other).Values[index]);

    private protected override void AppendValues(ColumnBuffer other)
    {
        var source = (FixedBuffer<T>)other;
        _values.Reserve(ValueCount + (long)source.ValueCount);
        source.Values.CopyTo(_values.AsSpan(ValueCount, source.ValueCount));
    }
}
