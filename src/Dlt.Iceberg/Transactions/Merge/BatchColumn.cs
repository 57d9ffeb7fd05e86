using System.Text;
using Dlt.Parquet;

namespace Dlt.Iceberg;

/// <summary>Values of one column in a batch.</summary>
/// <param name="type">Type of the column.</param>
/// <param name="buffer">The values; null when all rows have the same value.</param>
/// <param name="constant">Value of all rows without a buffer, in the .NET form of <see cref="PrimitiveKind"/>.</param>
internal sealed class BatchColumn(PrimitiveType type, ColumnBuffer? buffer, object? constant)
{
    /// <summary>The values; null when all rows have the same value.</summary>
    public ColumnBuffer? Buffer => buffer;

    /// <summary>Returns a value in the .NET form of <see cref="PrimitiveKind"/>; null for null.</summary>
    public object? ValueOf(int row)
    {
        if (buffer is null) return constant;
        if (!buffer.IsValid(row)) return null;
        var index = buffer.ValuesBefore(row);
        return buffer switch
        {
            FixedBuffer<long> longs => type.Kind == PrimitiveKind.Int ? (int)longs.Values[index] : longs.Values[index],
            FixedBuffer<int> days => days.Values[index],
            FixedBuffer<double> doubles => doubles.Values[index],
            FixedBuffer<bool> flags => flags.Values[index],
            FixedBuffer<Int128> decimals => decimals.Values[index],
            _ => BytesOf((BytesBuffer)buffer, index),
        };
    }

    /// <summary>Hashes the values of all rows. Called per column and batch.</summary>
    /// <param name="hashes">Receives the hash of each row with a value.</param>
    /// <param name="isNull">Receives true for the rows without a value.</param>
    public void Hash(Span<UInt128> hashes, Span<bool> isNull)
    {
        if (buffer is null)
        {
            isNull.Fill(constant is null);
            if (constant is not null) hashes.Fill(KeyHash.Of(constant));
            return;
        }

        var count = buffer.ValueCount;
        var values = hashes[..count];   // the hashes move to their rows afterwards
        switch (buffer)
        {
            case FixedBuffer<long> longs:
                var numbers = longs.Values;
                for (var i = 0; i < values.Length; i++) values[i] = KeyHash.Of(numbers[i]);
                break;
            case FixedBuffer<int> days:
                var dates = days.Values;
                for (var i = 0; i < values.Length; i++) values[i] = KeyHash.Of((long)dates[i]);
                break;
            case FixedBuffer<double> doubles:
                var reals = doubles.Values;
                for (var i = 0; i < values.Length; i++) values[i] = KeyHash.Of(reals[i]);
                break;
            case FixedBuffer<bool> flags:
                var bits = flags.Values;
                for (var i = 0; i < values.Length; i++) values[i] = KeyHash.Of(bits[i] ? 1L : 0L);
                break;
            case FixedBuffer<Int128> decimals:
                var unscaled = decimals.Values;
                for (var i = 0; i < values.Length; i++) values[i] = KeyHash.Of(unscaled[i]);
                break;
            case BytesBuffer bytes:
                for (var i = 0; i < values.Length; i++) values[i] = KeyHash.Of(bytes.Value(i));
                break;
        }

        isNull.Clear();
        if (count == hashes.Length) return;
        for (var row = hashes.Length - 1; row >= 0; row--)
        {
            isNull[row] = !buffer.IsValid(row);
            if (!isNull[row]) hashes[row] = hashes[--count];
        }
    }

    private object BytesOf(BytesBuffer bytes, int index) => type.Kind switch
    {
        PrimitiveKind.String => Encoding.UTF8.GetString(bytes.Value(index)),
        PrimitiveKind.Uuid => new Guid(bytes.Value(index), bigEndian: true),
        _ => bytes.Value(index).ToArray(),
    };
}
