using System.Runtime.CompilerServices;
using Dlt.Parquet.Encodings;

namespace Dlt.Parquet.Metrics;

/// <summary>Computes bounds of decimals that exceed 64 bits.</summary>
/// <remarks>
/// A method with values of <see cref="Int128"/> is not compiled ahead of time, nor are the methods that only it calls. So what other
/// types need too does not name it.
/// </remarks>
internal static class DecimalBounds
{
    /// <param name="decimals">Buffer of the column.</param>
    /// <param name="column">Definition of the column in the file.</param>
    /// <param name="first">Index of the first value.</param>
    /// <param name="count">Number of values, 1 or more.</param>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static ColumnBounds Of(FixedBuffer<Int128> decimals, ParquetColumn column, int first, int count)
    {
        var values = decimals.Values.Slice(first, count);
        var min = values[0];
        var max = min;
        foreach (var value in values)
        {
            if (value < min) min = value;
            if (value > max) max = value;
        }

        return new(PlainNumbers.DecimalBytes(min, column.TypeLength), PlainNumbers.DecimalBytes(max, column.TypeLength));
    }
}
