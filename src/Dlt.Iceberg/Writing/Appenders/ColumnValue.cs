using System.Buffers;
using System.Text;
using Dlt.Parquet;

namespace Dlt.Iceberg;

/// <summary>Adds values to the buffers of this library's Parquet encoder.</summary>
internal static class ColumnValue
{
    private const int FixedBytes = 8;
    private const int StackBytes = 256;

    /// <summary>Appends a value. Called per value.</summary>
    /// <param name="buffer">Buffer of the value's column.</param>
    /// <param name="row">Row of the value.</param>
    /// <param name="value">Value in the .NET form of <see cref="PrimitiveKind"/>.</param>
    /// <returns>Approximate size of the value in bytes.</returns>
    public static int Append(ColumnBuffer buffer, int row, object value)
    {
        switch (buffer)
        {
            case FixedBuffer<long> longs:
                longs.Append(row, value is int number ? number : (long)value);
                break;
            case BytesBuffer bytes: return FixedBytes + Append(bytes, row, value);
            case FixedBuffer<double> doubles:
                doubles.Append(row, (double)value);
                break;
            case FixedBuffer<bool> flags:
                flags.Append(row, (bool)value);
                break;
            case FixedBuffer<int> days:
                days.Append(row, (int)value);
                break;
            default:
                ((FixedBuffer<Int128>)buffer).Append(row, (Int128)value);
                break;
        }

        return FixedBytes;
    }

    private static int Append(BytesBuffer buffer, int row, object value)
    {
        if (value is byte[] bytes)
        {
            buffer.Append(row, bytes);
            return bytes.Length;
        }

        if (value is Guid uuid)
        {
            Span<byte> bigEndian = stackalloc byte[DataFileColumn.UuidBytes];
            uuid.TryWriteBytes(bigEndian, bigEndian: true, out _);
            buffer.Append(row, bigEndian);
            return DataFileColumn.UuidBytes;
        }

        var text = (string)value;
        var maxBytes = Encoding.UTF8.GetMaxByteCount(text.Length);
        var pooled = maxBytes > StackBytes ? ArrayPool<byte>.Shared.Rent(maxBytes) : null;
        var target = pooled ?? stackalloc byte[StackBytes];
        var length = Encoding.UTF8.GetBytes(text, target);
        buffer.Append(row, target[..length]);
        if (pooled is not null) ArrayPool<byte>.Shared.Return(pooled);
        return length;
    }
}
