using System.Globalization;
using System.Numerics;

namespace Dlt.Iceberg;

/// <summary>
/// A filter's value and its position among the values of a column's type. With it, <c>price &lt; 1.235</c> works for a column with two
/// decimal digits, as in SQL.
/// </summary>
/// <param name="Value">The value itself, or the largest smaller value of the type.</param>
/// <param name="Place">Position of the filter's value relative to <paramref name="Value"/>.</param>
internal readonly record struct FilterLiteral(object Value, FilterPlace Place = FilterPlace.At)
{
    /// <summary>Exponent limit: larger numbers exceed 128 bits, and smaller fractions round to zero.</summary>
    private const int MaxExponent = 400;

    private static readonly FilterLiteral Below = new(0, FilterPlace.Below);
    private static readonly FilterLiteral Above = new(0, FilterPlace.Above);

    /// <returns>Null if a column of this type cannot be compared with the value.</returns>
    public static FilterLiteral? Of(PrimitiveType type, object value)
    {
        if (value is FilterTime time) return FilterTime.Fits(type) ? Of(type, time.Text) : null;
        value = value is JsonValue json ? FromJson(type, json) : value;
        switch (type.Kind)
        {
            case PrimitiveKind.Int or PrimitiveKind.Long or PrimitiveKind.Decimal:
                return Number(value) is { } number ? Among(type, number) : Own(type, value);
            case PrimitiveKind.Float or PrimitiveKind.Double: return Real(type, value);
            case PrimitiveKind.Date: return Day(type, value);
            case PrimitiveKind.Time when value is TimeOnly clock: return Split(clock.Ticks, TimeSpan.TicksPerMicrosecond);
            case PrimitiveKind.Time when value is string text:
                return TimeText.Time(text) is var (micros, nanos) ? new(micros, nanos == 0 ? FilterPlace.At : FilterPlace.JustBelow) : null;
            case PrimitiveKind.Timestamp or PrimitiveKind.TimestampTz or PrimitiveKind.TimestampNs or PrimitiveKind.TimestampTzNs:
                return Moment(type, value);
            default: return Own(type, value);
        }
    }

    private static FilterLiteral? Own(PrimitiveType type, object value) => Literal.Of(type, value) switch
    {
        null => null,
        Literal.Bound bound => bound == Literal.Bound.Above ? Above : Below,
        var own => new(own),
    };

    /// <summary>Converts JSON to a .NET value. Numbers keep all their digits.</summary>
    private static object FromJson(PrimitiveType type, JsonValue json) => json.Kind switch
    {
        JsonKind.String => json.AsString(),
        JsonKind.True or JsonKind.False => json.AsBool(),
        JsonKind.Integer when type.Kind is not (PrimitiveKind.Int or PrimitiveKind.Long or PrimitiveKind.Decimal)
            && json.TryGetInt64(out var number) => number,
        JsonKind.Integer or JsonKind.Real => json.ToString(),
        _ => json,
    };

    private static BigDecimal? Number(object value) => value switch
    {
        string text => BigDecimal.TryParse(text, out var parsed) ? parsed : null,
        sbyte or byte or short or ushort or int or uint or long or ulong =>
            BigDecimal.FromInteger(BigInteger.Parse(Convert.ToString(value, CultureInfo.InvariantCulture)!, CultureInfo.InvariantCulture)),
        BigInteger number => BigDecimal.FromInteger(number),
        float number => BigDecimal.TryParse(number.ToString("R", CultureInfo.InvariantCulture), out var single) ? single : null,
        double number => BigDecimal.FromDouble(number),
        decimal number => BigDecimal.TryParse(number.ToString(CultureInfo.InvariantCulture), out var exact) ? exact : null,
        _ => null,   // an Int128 is already an unscaled decimal
    };

    /// <summary>Finds the position of a number among integers or decimals.</summary>
    private static FilterLiteral Among(PrimitiveType type, BigDecimal number)
    {
        if (number.IsNaN) return new(double.NaN);
        if (!number.IsFinite) return number.IsNegative ? Below : Above;

        var exponent = (long)number.Exponent + (type.Kind == PrimitiveKind.Decimal ? type.Scale : 0);
        if (number.IsZero) exponent = 0;
        if (exponent > MaxExponent) return number.IsNegative ? Below : Above;
        var digits = number.IsNegative ? -number.Digits : number.Digits;
        var isExact = true;
        if (exponent >= 0)
        {
            digits *= BigInteger.Pow(10, (int)exponent);
        }
        else
        {
            var divisor = exponent < -MaxExponent - number.Digits.GetBitLength()
                ? BigInteger.Abs(digits) + 1 : BigInteger.Pow(10, (int)-exponent);
            var floor = BigInteger.DivRem(digits, divisor, out var rest);
            isExact = rest.IsZero;
            digits = rest.Sign < 0 ? floor - 1 : floor;
        }

        var (min, max) = type.Kind switch
        {
            PrimitiveKind.Int => (int.MinValue, int.MaxValue),
            PrimitiveKind.Long => (long.MinValue, long.MaxValue),
            _ => ((BigInteger)Int128.MinValue, (BigInteger)Int128.MaxValue),
        };
        if (digits < min) return Below;
        if (digits > max) return Above;
        object value = type.Kind switch
        {
            PrimitiveKind.Int => (object)(int)digits,   // without this cast the three cases would become one number type
            PrimitiveKind.Long => (long)digits,
            _ => (Int128)digits,
        };
        return new(value, isExact ? FilterPlace.At : FilterPlace.JustBelow);
    }

    /// <summary>
    /// Finds the position of a number among floats or doubles: the nearest one. A number beyond the largest one, or too close to zero, is
    /// not equal to it.
    /// </summary>
    private static FilterLiteral? Real(PrimitiveType type, object value)
    {
        var isSingle = type.Kind == PrimitiveKind.Float;
        object? nearest = value switch
        {
            string => Literal.Of(type, value),
            float or double => Literal.Of(type, value),
            bool => null,
            _ => Number(value) is { } number ? Literal.FromText(type, number.ToString()) : Literal.Of(type, value),
        };
        switch (nearest)
        {
            case null: return null;
            case Literal.Bound.Above: return new(isSingle ? float.MaxValue : (object)double.MaxValue, FilterPlace.JustBelow);
            case Literal.Bound.Below:
                return new(isSingle ? float.NegativeInfinity : (object)double.NegativeInfinity, FilterPlace.JustBelow);
        }

        if (!ValueOrder.IsZero(nearest) || Number(value) is not { IsZero: false } tiny) return new(nearest);
        if (tiny.IsNegative) return new(isSingle ? -float.Epsilon : (object)-double.Epsilon, FilterPlace.JustBelow);
        return new(isSingle ? 0f : (object)0.0, FilterPlace.JustBelow);
    }

    private static FilterLiteral? Day(PrimitiveType type, object value)
    {
        switch (value)
        {
            case DateTime or DateTimeOffset: return Split(Ticks(value), TimeSpan.TicksPerDay, days => (int)days);
            case string text when TimeText.Days(text) is null && TimeText.Moment(text) is var (micros, nanos):
                var day = Split(micros, Micros.PerDay, days => (int)days);
                return nanos == 0 ? day : day with { Place = FilterPlace.JustBelow };
            default: return Own(type, value);
        }
    }

    private static FilterLiteral? Moment(PrimitiveType type, object value)
    {
        var isNanos = type.Kind is PrimitiveKind.TimestampNs or PrimitiveKind.TimestampTzNs;
        Int128? nanos = value switch
        {
            DateTime or DateTimeOffset => (Int128)Ticks(value) * TimeSpan.NanosecondsPerTick,
            DateOnly day => (Int128)(day.ToDateTime(TimeOnly.MinValue).Ticks - DateTime.UnixEpoch.Ticks) * TimeSpan.NanosecondsPerTick,
            string text => TimeText.Moment(text) is var (whole, rest) ? (Int128)whole * 1000 + rest : null,
            _ => null,
        };
        if (nanos is not { } known) return value is string ? null : Own(type, value);
        if (!isNanos) return Split((long)(known >= 0 ? known / 1000 : (known - 999) / 1000), known % 1000 == 0);
        return known < long.MinValue ? Below : known > long.MaxValue ? Above : new((long)known);
    }

    private static FilterLiteral Split(long value, bool isExact) => new(value, isExact ? FilterPlace.At : FilterPlace.JustBelow);

    private static FilterLiteral Split(long value, long by, Func<long, object>? form = null)
    {
        var floor = Micros.FloorDiv(value, by);
        return new(form is null ? floor : form(floor), value % by == 0 ? FilterPlace.At : FilterPlace.JustBelow);
    }

    private static long Ticks(object time) => time switch
    {
        DateTimeOffset moment => moment.UtcTicks,
        DateTime { Kind: DateTimeKind.Local } local => local.ToUniversalTime().Ticks,
        _ => ((DateTime)time).Ticks,
    }
    - DateTime.UnixEpoch.Ticks;
}

/// <summary>Position of a filter's value relative to the values of a column's type.</summary>
internal enum FilterPlace
{
    /// <summary>The value is a value of the type.</summary>
    At,

    /// <summary>The value is between the stored value of the type and the next one.</summary>
    JustBelow,

    /// <summary>The value is below all values of the type.</summary>
    Below,

    /// <summary>The value is above all values of the type.</summary>
    Above,
}
