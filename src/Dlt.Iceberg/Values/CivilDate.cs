using System.Globalization;

namespace Dlt.Iceberg;

/// <summary>
/// Converts days since 1970 to year, month and day of the proleptic Gregorian calendar. The years go beyond those of .NET's own types.
/// </summary>
internal static class CivilDate
{
    private const int DaysToMarch0 = 719468;   // from 0000-03-01 to 1970-01-01
    private const int EraDays = 146097;        // 400 years

    public static (int Year, int Month, int Day) Of(int days)
    {
        long shifted = (long)days + DaysToMarch0;
        var era = Micros.FloorDiv(shifted, EraDays);
        var dayOfEra = (int)(shifted - era * EraDays);
        var yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36524 - dayOfEra / 146096) / 365;
        var dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100);
        var shiftedMonth = (5 * dayOfYear + 2) / 153;
        var month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9;
        return ((int)(yearOfEra + era * 400) + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * shiftedMonth + 2) / 5 + 1);
    }

    public static int ToDays(int year, int month, int day)
    {
        var shifted = (long)year - (month <= 2 ? 1 : 0);
        var era = Micros.FloorDiv(shifted, 400);
        var yearOfEra = shifted - era * 400;
        var dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
        return (int)(era * EraDays + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - DaysToMarch0);
    }

    /// <summary>A date such as <c>2017-11-16</c>. Years before 1 and after 9999 are formatted as in Java.</summary>
    public static string Text(int days)
    {
        var (year, month, day) = Of(days);
        return string.Create(CultureInfo.InvariantCulture, $"{Year(year)}-{month:00}-{day:00}");
    }

    /// <summary>A year of at least four digits, with a sign before 0 and after 9999.</summary>
    public static string Year(int year) => year switch
    {
        < 0 => "-" + (-(long)year).ToString("0000", CultureInfo.InvariantCulture),
        > 9999 => "+" + year.ToString(CultureInfo.InvariantCulture),
        _ => year.ToString("0000", CultureInfo.InvariantCulture),
    };
}
