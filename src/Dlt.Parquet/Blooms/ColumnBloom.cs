using Dlt.Internal;
using Dlt.Parquet.Encodings;

namespace Dlt.Parquet.Blooms;

/// <summary>Builds the Bloom filters of column chunks from the values of their buffers.</summary>
internal sealed class ColumnBloom(ParquetWriterOptions options)
{
    private const int Slice = 4096;
    private const long PositiveZero = 0;
    private const long NegativeZero = long.MinValue;   // bits of -0.0

    private readonly PageBuffer _plain = new();

    /// <summary>Builds the filter of a column.</summary>
    /// <param name="buffer">Values of the row group.</param>
    /// <param name="numbers">
    /// Values, or distinct values, in the form of <see cref="FileNumbers"/>; empty if the column does not have numbers.
    /// </param>
    /// <param name="column">Definition of the column in the file.</param>
    /// <returns>Null without values, and for columns without a filter.</returns>
    public ParquetBloomFilter? Of(ColumnBuffer buffer, ReadOnlySpan<long> numbers, ParquetColumn column)
    {
        if (buffer.ValueCount == 0 || column.PhysicalType == PhysicalType.Boolean) return null;
        if (!options.BloomFilters.TryGetValue(column.Name, out var wanted)) return null;
        switch (buffer)
        {
            case ConstantBuffer constant:
                var one = ParquetBloomFilter.Create(1, wanted);
                one.Add(ParquetBloomFilter.HashOf(constant.Value));
                return one;
            case BytesBuffer bytes:
                return OfBytes(bytes, wanted);
            case FixedBuffer<Int128> decimals when numbers.IsEmpty:
                return OfDecimals(decimals.Values, column, wanted);
            default:
                return OfNumbers(numbers, column, wanted);
        }
    }

    private static ParquetBloomFilter OfBytes(BytesBuffer bytes, BloomFilterOptions wanted)
    {
        var count = bytes.IsDictionary ? bytes.EntryCount : bytes.ValueCount;
        var filter = ParquetBloomFilter.Create(count, wanted);
        for (var i = 0; i < count; i++) filter.Add(ParquetBloomFilter.HashOf(bytes.IsDictionary ? bytes.Entry(i) : bytes.Value(i)));
        return filter;
    }

    private ParquetBloomFilter OfDecimals(ReadOnlySpan<Int128> values, ParquetColumn column, BloomFilterOptions wanted)
    {
        var filter = ParquetBloomFilter.Create(values.Length, wanted);
        for (; !values.IsEmpty; values = values[Math.Min(Slice, values.Length)..])
        {
            _plain.Clear();
            PlainNumbers.Write(_plain, values[..Math.Min(Slice, values.Length)], column.TypeLength);
            Add(filter, column.TypeLength);
        }

        return filter;
    }

    private ParquetBloomFilter OfNumbers(ReadOnlySpan<long> values, ParquetColumn column, BloomFilterOptions wanted)
    {
        var filter = ParquetBloomFilter.Create(values.Length, wanted);
        if (column.PhysicalType == PhysicalType.Double && values.ContainsAny(PositiveZero, NegativeZero))
        {
            // Zeros are equal whatever their sign, but readers look up one of them.
            foreach (var zero in new[] { 0.0, -0.0 }) filter.Add(ParquetBloomFilter.HashOf(BitConverter.GetBytes(zero)));
        }

        for (; !values.IsEmpty; values = values[Math.Min(Slice, values.Length)..])
        {
            _plain.Clear();
            PlainNumbers.Write(_plain, values[..Math.Min(Slice, values.Length)], column);
            Add(filter, PlainNumbers.Width(column));
        }

        return filter;
    }

    private void Add(ParquetBloomFilter filter, int width)
    {
        for (var plain = _plain.Written; !plain.IsEmpty; plain = plain[width..]) filter.Add(ParquetBloomFilter.HashOf(plain[..width]));
    }
}
