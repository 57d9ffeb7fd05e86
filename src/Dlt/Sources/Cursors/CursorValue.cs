using System.Numerics;

namespace Dlt.Sources.Cursors;

/// <summary>
/// Compares cursor values as Python does: numbers with numbers, texts by code point, times in UTC. Other pairs have no order.
/// </summary>
internal static class CursorValue
{
    /// <summary>Returns a negative number, zero or a positive number; null when the values cannot be compared.</summary>
    public static int? Compare(DataValue left, DataValue right)
    {
        if (IsNumber(left) && IsNumber(right)) return Numbers(left, right);
        if (left.Type != right.Type) return null;
        return left.Type switch
        {
            DataType.Text => JsonText.CompareUtf8(left.AsText, right.AsText),
            DataType.Timestamp => left.AsTimestamp.UtcMicros.CompareTo(right.AsTimestamp.UtcMicros),
            DataType.Date => left.AsDays.CompareTo(right.AsDays),
            DataType.Time => left.AsTimeMicros.CompareTo(right.AsTimeMicros),
            DataType.Binary => left.AsBinary.AsSpan().SequenceCompareTo(right.AsBinary),
            _ => null,
        };
    }

    /// <summary>
    /// Converts a value to a .NET object: <see cref="long"/> (or <see cref="BigInteger"/>), <see cref="double"/>, <see cref="bool"/>,
    /// <see cref="string"/>, <see cref="DateTimeOffset"/>, <see cref="DateTime"/> for a time without offset, or <see cref="DateOnly"/>.
    /// </summary>
    public static object? ToObject(JsonValue? json)
    {
        if (json is null || DataValue.FromJson(json) is not { } value) return null;
        switch (value.Type)
        {
            case DataType.Bigint:
                var fits = value.AsInteger >= long.MinValue && value.AsInteger <= long.MaxValue;
                return fits ? (object)(long)value.AsInteger : value.AsInteger;
            case DataType.Double:
                return value.AsDouble;
            case DataType.Bool:
                return value.AsBool;
            case DataType.Date:
                return DateOnly.FromDayNumber(value.AsDays + new DateOnly(1970, 1, 1).DayNumber);
            case DataType.Timestamp:
                var wall = DateTime.UnixEpoch.AddTicks(value.AsTimestamp.WallMicros * TimeSpan.TicksPerMicrosecond);
                return value.AsTimestamp.OffsetSeconds is { } offset
                    ? new DateTimeOffset(DateTime.SpecifyKind(wall, DateTimeKind.Unspecified), TimeSpan.FromSeconds(offset))
                    : DateTime.SpecifyKind(wall, DateTimeKind.Unspecified);
            default:
                return value.ToString();
        }
    }

    private static bool IsNumber(DataValue value) =>
        value.Type is DataType.Bigint or DataType.Double or DataType.Bool or DataType.Decimal or DataType.Wei;

    private static int Numbers(DataValue left, DataValue right)
    {
        if (left.Type == DataType.Double && right.Type == DataType.Double) return left.AsDouble.CompareTo(right.AsDouble);
        if (Special(left) || Special(right)) return Real(left).CompareTo(Real(right));
        BigDecimal a = Exact(left), b = Exact(right);
        var exponent = Math.Min(a.Exponent, b.Exponent);
        return Scaled(a, exponent).CompareTo(Scaled(b, exponent));
    }

    private static bool Special(DataValue value) => value.Type == DataType.Double
        ? !double.IsFinite(value.AsDouble)
        : value.Type is DataType.Decimal or DataType.Wei && value.AsDecimal.Special is not null;

    private static double Real(DataValue value) => value.Type == DataType.Double ? value.AsDouble : Exact(value).ToDouble();

    private static BigDecimal Exact(DataValue value) => value.Type switch
    {
        DataType.Bigint => BigDecimal.FromInteger(value.AsInteger),
        DataType.Bool => BigDecimal.FromInteger(value.AsBool ? 1 : 0),
        DataType.Double => BigDecimal.FromDouble(value.AsDouble),
        _ => value.AsDecimal,
    };

    private static BigInteger Scaled(BigDecimal value, int exponent)
    {
        var digits = value.Digits * BigInteger.Pow(10, value.Exponent - exponent);
        return value.IsNegative ? -digits : digits;
    }
}
