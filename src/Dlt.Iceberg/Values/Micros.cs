namespace Dlt.Iceberg;

/// <summary>Units of time in microseconds, and division that rounds down.</summary>
internal static class Micros
{
    public const long PerSecond = 1_000_000;
    public const long PerHour = 3600 * PerSecond;
    public const long PerDay = 24 * PerHour;

    public static long FloorDiv(long value, long by)
    {
        var quotient = value / by;
        return value % by < 0 ? quotient - 1 : quotient;
    }
}
