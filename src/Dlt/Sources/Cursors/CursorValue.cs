using System.Globalization;
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
    /// <see cref="string"/>, <see cref="DateTimeOffset"/>, <see cref="DateTime"/> for a time without offset, <see cref="DateOnly"/>,
    /// <see cref="TimeOnly"/>, <see cref="decimal"/> (or its text, beyond 28 digits), or an array of bytes.
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
                // Without the cast a time without offset would become an instant, with the offset of this machine.
                return value.AsTimestamp.OffsetSeconds is { } offset
                    ? (object)new DateTimeOffset(DateTime.SpecifyKind(wall, DateTimeKind.Unspecified), TimeSpan.FromSeconds(offset))
                    : DateTime.SpecifyKind(wall, DateTimeKind.Unspecified);
            case DataType.Time:
                return new TimeOnly(value.AsTimeMicros * TimeSpan.TicksPerMicrosecond);
            case DataType.Binary:
                return value.AsBinary;
            case DataType.Decimal or DataType.Wei when ToDecimal(value.ToString()) is { } number:
                return number;
            default:
                return value.ToString();
        }
    }

    /// <summary>The number as a decimal of .NET; null when that would lose a digit.</summary>
    private static decimal? ToDecimal(string text) =>
        decimal.TryParse(text, NumberStyles.Number, CultureInfo.InvariantCulture, out var number)
        && number.ToString(CultureInfo.InvariantCulture) == text ? number : null;

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
