using System.Globalization;

namespace Dlt.Iceberg;

/// <summary>
/// Whether a value, in the form of <see cref="PrimitiveKind"/>, is one that its type has. What is not would be stored as another value,
/// or could not be read again.
/// </summary>
internal static class ValueCheck
{
    private const int MaxDigits = 38;

    private static readonly int FirstDay = CivilDate.ToDays(1, 1, 1);
    private static readonly int LastDay = CivilDate.ToDays(9999, 12, 31);
    private static readonly Int128[] PowersOfTen = [.. Enumerable.Range(0, MaxDigits + 1)
        .Select(p => (Int128)System.Numerics.BigInteger.Pow(10, p))];

    /// <summary>What keeps the type from holding the value: digits of a decimal, bytes of a fixed, half a character.</summary>
    /// <param name="type">The type.</param>
    /// <param name="value">In the form of the type.</param>
    /// <param name="isStored">
    /// True: it is in the table already. A decimal with a digit too many, as older versions let through, stays what it is as long as
    /// its bytes hold it.
    /// </param>
    /// <returns>Null when it holds it.</returns>
    public static string? Problem(PrimitiveType type, object value, bool isStored = false) => value switch
    {
        Int128 unscaled when !HasDigits(unscaled, type.Precision) && !(isStored && FitsBytes(unscaled, type.Precision)) =>
            string.Create(CultureInfo.InvariantCulture, $"it has more than {type.Precision - type.Scale} digits before the point"),
        byte[] bytes when type.Kind == PrimitiveKind.Fixed && bytes.Length != type.Length =>
            string.Create(CultureInfo.InvariantCulture, $"it has {bytes.Length} bytes"),
        string text when HasLoneSurrogate(text) => "it has half a character (a lone surrogate), which UTF-8 does not have",
        _ => null,
    };

    /// <summary>
    /// What keeps readers from a date or time, though it fits into the bytes of the type: years outside of 1 to 9999 are not read by
    /// Python, times outside of the day by nobody.
    /// </summary>
    /// <returns>Null when all read it.</returns>
    public static string? CalendarProblem(PrimitiveKind kind, object value) => (kind, value) switch
    {
        (PrimitiveKind.Date, int days) when !IsDate(days) => "dates have the years 1 to 9999",
        (PrimitiveKind.Time, long time) when !IsTime(time) => "times are from 00:00 to 23:59:59.999999",
        (PrimitiveKind.Timestamp or PrimitiveKind.TimestampTz, long micros) when !IsTimestamp(micros) =>
            "timestamps have the years 1 to 9999",
        _ => null,
    };

    public static bool IsDate(int days) => days >= FirstDay && days <= LastDay;

    public static bool IsTime(long micros) => micros is >= 0 and < Micros.PerDay;

    public static bool IsTimestamp(long micros) => micros >= FirstDay * Micros.PerDay && micros < (LastDay + 1) * Micros.PerDay;

    /// <summary>True for numbers of at most so many digits.</summary>
    /// <param name="unscaled">The number without its point.</param>
    /// <param name="precision">1 to 38.</param>
    public static bool HasDigits(Int128 unscaled, int precision) => unscaled < PowersOfTen[precision] && unscaled > -PowersOfTen[precision];

    /// <summary>True for numbers that the bytes of a decimal hold, which may be one digit longer than it is declared.</summary>
    public static bool FitsBytes(Int128 unscaled, int precision)
    {
        var bits = 8 * UnscaledNumber.BytesOf(precision) - 1;
        return unscaled >> bits is var sign && (sign == 0 || sign == -1);
    }

    /// <summary>
    /// True for texts that UTF-8 cannot hold. Per value: texts without any surrogate, which most are, take one vector search.
    /// </summary>
    public static bool HasLoneSurrogate(string text)
    {
        var at = text.AsSpan().IndexOfAnyInRange('\uD800', '\uDFFF');
        if (at < 0) return false;
        for (; at < text.Length; at++)
        {
            if (!char.IsSurrogate(text[at])) continue;
            if (at + 1 == text.Length || !char.IsSurrogatePair(text[at], text[at + 1])) return true;
            at++;
        }

        return false;
    }
}
