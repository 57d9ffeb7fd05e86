using System.Globalization;

namespace Dlt.Iceberg;

/// <summary>
/// Checks that a value in the form of <see cref="PrimitiveKind"/> is valid for its type. An invalid value would be stored as a different
/// value or could not be read back.
/// </summary>
internal static class ValueCheck
{
    private static readonly int FirstDay = CivilDate.ToDays(1, 1, 1);
    private static readonly int LastDay = CivilDate.ToDays(9999, 12, 31);

    /// <summary>
    /// Describes why the type cannot hold a value: too many digits of a decimal, a wrong length of a fixed, a lone surrogate.
    /// </summary>
    /// <param name="type">Type of the value.</param>
    /// <param name="value">Value in the form of the type.</param>
    /// <param name="isStored">
    /// True if the value is already in the table. A decimal with one digit too many, which older versions accepted, is kept if its bytes
    /// hold it.
    /// </param>
    /// <returns>Null if the type holds the value.</returns>
    public static string? Problem(PrimitiveType type, object value, bool isStored = false) => value switch
    {
        Int128 when !DecimalDigits.Fit(value, type.Precision) && !(isStored && DecimalDigits.FitBytes(value, type.Precision)) =>
            string.Create(CultureInfo.InvariantCulture, $"it has more than {type.Precision - type.Scale} digits before the point"),
        byte[] bytes when type.Kind == PrimitiveKind.Fixed && bytes.Length != type.Length =>
            string.Create(CultureInfo.InvariantCulture, $"it has {bytes.Length} bytes"),
        string text when HasLoneSurrogate(text) => "it has a lone surrogate (half a character), which UTF-8 cannot encode",
        _ => null,
    };

    /// <summary>
    /// Describes why readers reject a date or time although it fits into the bytes of the type: Python does not read years outside 1 to
    /// 9999, and no reader accepts times outside the day.
    /// </summary>
    /// <returns>Null if all readers accept the value.</returns>
    public static string? CalendarProblem(PrimitiveKind kind, object value) => (kind, value) switch
    {
        (PrimitiveKind.Date, int days) when !IsDate(days) => "the year of a date is 1 to 9999",
        (PrimitiveKind.Time, long time) when !IsTime(time) => "times are from 00:00 to 23:59:59.999999",
        (PrimitiveKind.Timestamp or PrimitiveKind.TimestampTz, long micros) when !IsTimestamp(micros) =>
            "the year of a timestamp is 1 to 9999",
        _ => null,
    };

    public static bool IsDate(int days) => days >= FirstDay && days <= LastDay;

    public static bool IsTime(long micros) => micros is >= 0 and < Micros.PerDay;

    public static bool IsTimestamp(long micros) => micros >= FirstDay * Micros.PerDay && micros < (LastDay + 1) * Micros.PerDay;

    /// <summary>
    /// True if UTF-8 cannot encode the text. Called per value: a text without surrogates, the usual case, takes one vector search.
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
