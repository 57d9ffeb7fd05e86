using System.Runtime.InteropServices;

namespace Dlt.Parquet.Encodings;

/// <summary>
/// Values of a column chunk as 64-bit numbers in the unit of the file: integers, days, times, doubles as bits, and decimals that fit.
/// </summary>
internal sealed class FileNumbers
{
    private const int MilliDigits = 3;
    private const long MicrosPerMilli = 1000;
    private const long MicrosPerSecond = 1_000_000;
    private const long MillisPerSecond = 1000;

    private ColumnBuffer? _buffer;
    private long[] _converted = [];

    public ReadOnlySpan<long> Values => _buffer switch
    {
        FixedBuffer<long> longs => longs.Values,
        FixedBuffer<double> doubles => MemoryMarshal.Cast<double, long>(doubles.Values),
        _ => _converted.AsSpan(0, Count),
    };

    public int Count { get; private set; }

    /// <summary>Reads the values of a column. They are valid as long as its buffer does not change.</summary>
    /// <returns>False when the values cannot be represented this way.</returns>
    public bool Take(ColumnBuffer buffer, ParquetColumn column)
    {
        Count = buffer.ValueCount;
        _buffer = buffer;
        switch (buffer)
        {
            case FixedBuffer<double>: return true;
            case FixedBuffer<long> longs:
                var isTime = column.Type.DataType is DataType.Timestamp or DataType.Time;
                if (isTime && column.Type.FractionDigits <= MilliDigits) Cut(longs.Values, column.Type.FractionDigits);
                return true;
            case FixedBuffer<int> days:
                var dates = Convert();
                for (var i = 0; i < dates.Length; i++) dates[i] = days.Values[i];
                return true;
            case FixedBuffer<Int128> decimals: return TryNarrow(decimals.Values);
            default: return false;
        }
    }

    private bool TryNarrow(ReadOnlySpan<Int128> decimals)
    {
        var narrow = Convert();
        for (var i = 0; i < narrow.Length; i++)
        {
            narrow[i] = unchecked((long)decimals[i]);
            if (narrow[i] != decimals[i]) return false;
        }

        return true;
    }

    /// <summary>
    /// Truncates microseconds of the buffer to the unit of the file, milliseconds or microseconds; rounds down before 1970 too.
    /// </summary>
    private void Cut(ReadOnlySpan<long> micros, int fractionDigits)
    {
        var cut = Convert();
        if (fractionDigits > 0)
        {
            for (var i = 0; i < cut.Length; i++) cut[i] = Floor(micros[i] / MicrosPerMilli, micros[i] % MicrosPerMilli);
            return;
        }

        for (var i = 0; i < cut.Length; i++) cut[i] = Floor(micros[i] / MicrosPerSecond, micros[i] % MicrosPerSecond) * MillisPerSecond;
    }

    private static long Floor(long quotient, long rest) => rest < 0 ? quotient - 1 : quotient;

    private Span<long> Convert()
    {
        _buffer = null;
        if (_converted.Length < Count) _converted = new long[Count];
        return _converted.AsSpan(0, Count);
    }
}
