using System.Numerics;
using System.Runtime.InteropServices;
using Apache.Arrow;
using Dlt.Parquet;

namespace Dlt.Batches.Values;

/// <summary>
/// Reads values stored as integers: integers, dates, and times of any unit as microseconds (nanoseconds are rounded down).
/// </summary>
/// <param name="array">Array to read.</param>
/// <param name="parent">Struct around the array; null for none.</param>
/// <param name="type">Type of the values: integer, date, time or timestamp.</param>
/// <param name="multiply">Number of microseconds or days per stored unit.</param>
/// <param name="divide">Number of stored units per microsecond or day.</param>
/// <param name="isNaive">True for timestamps without time zone.</param>
internal sealed class IntegerValues<T>(IArrowArray array, ArrowValues? parent, DataType type, long multiply = 1, long divide = 1,
    bool isNaive = false) : ArrowValues(array, parent)
    where T : unmanaged, IBinaryInteger<T>
{
    private ReadOnlySpan<T> Values => MemoryMarshal.Cast<byte, T>(Array.Data.Buffers[1].Span).Slice(Array.Offset, Array.Length);

    public override bool TryNumber(int row, out long number, out NumberType kind)
    {
        (number, kind) = (0, type switch
        {
            DataType.Bigint => NumberType.Integer,
            DataType.Date => NumberType.Date,
            _ => isNaive ? NumberType.NaiveTime : NumberType.Instant,
        });
        if (type == DataType.Time || IsNull(row) || !TryLong(Values[row], out number)) return false;
        if (type == DataType.Bigint) return true;
        var (min, max) = Range(new ColumnType { DataType = type });
        return number >= min && number <= max;
    }

    public override DataValue Value(int row)
    {
        if (type == DataType.Bigint) return DataValue.Bigint(BigInteger.CreateChecked(Values[row]));
        var (min, max) = Range(new ColumnType { DataType = type });
        if (!TryLong(Values[row], out var value))
            return DataValue.Text(Values[row].ToString(null, System.Globalization.CultureInfo.InvariantCulture));
        if (value < min || value > max) return DataValue.Text(FarTime.Text(type, value, isNaive));
        return type switch
        {
            DataType.Date => DataValue.Date((int)value),
            DataType.Time => DataValue.Time(value),
            _ => DataValue.Timestamp(new Timestamp(value, isNaive ? null : 0)),
        };
    }

    public override bool Fits(ColumnType column, int from)
    {
        if (column.DataType != type) return false;
        var (min, max) = Range(column);
        var values = Values;
        for (var row = from; row < values.Length; row++)
            if ((!TryLong(values[row], out var value) || value < min || value > max) && !IsNull(row)) return false;
        return true;
    }

    public override void Copy(TableColumnTarget target, int to, int from)
    {
        var values = Values[from..];
        var hasNulls = !HasNoNulls;
        if (target.Buffer is FixedBuffer<int> days)
        {
            for (var i = 0; i < values.Length; i++)
                if (!hasNulls || !IsNull(from + i)) days.Append(to + i, (int)Long(values[i]));
            return;
        }

        var longs = (FixedBuffer<long>)target.Buffer;
        for (var i = 0; i < values.Length; i++)
            if (!hasNulls || !IsNull(from + i)) longs.Append(to + i, Long(values[i]));
    }

    private (long Min, long Max) Range(ColumnType column) => type switch
    {
        DataType.Bigint => column.IntegerRange,
        DataType.Date => (Timestamp.MinMicros / Timestamp.MicrosPerDay, Timestamp.MaxMicros / Timestamp.MicrosPerDay),
        DataType.Time => (0, Timestamp.MicrosPerDay - 1),
        _ => (Timestamp.MinMicros, Timestamp.MaxMicros),
    };

    private bool TryLong(T value, out long result)
    {
        result = 0;
        if (typeof(T) == typeof(ulong) && ulong.CreateTruncating(value) > long.MaxValue) return false;
        var units = long.CreateTruncating(value);
        if (multiply > 1 && (units > long.MaxValue / multiply || units < long.MinValue / multiply)) return false;
        result = Long(value);
        return true;
    }

    /// <summary>Converts a stored value. The division rounds down, so that times before 1970 are treated like later ones.</summary>
    private long Long(T value)
    {
        var units = long.CreateTruncating(value);
        if (divide == 1) return units * multiply;
        var quotient = units / divide;
        return units % divide < 0 ? quotient - 1 : quotient;
    }
}
