using System.Globalization;

namespace Dlt.Types;

/// <summary>A date-time in microseconds: wall-clock time, and the offset from UTC when it is known.</summary>
/// <param name="WallMicros">Microseconds of the wall clock since 1970-01-01T00:00.</param>
/// <param name="OffsetSeconds">Seconds east of UTC; null for a naive date-time.</param>
internal readonly record struct Timestamp(long WallMicros, int? OffsetSeconds)
{
    public const long MicrosPerSecond = 1_000_000;
    public const long MicrosPerDay = 86_400 * MicrosPerSecond;

    /// <summary>0001-01-01 and 9999-12-31T23:59:59.999999.</summary>
    public const long MinMicros = -62_135_596_800 * MicrosPerSecond;
    public const long MaxMicros = 253_402_300_800 * MicrosPerSecond - 1;

    /// <summary>Microseconds since the epoch in UTC; a naive time counts as UTC.</summary>
    public long UtcMicros => WallMicros - (OffsetSeconds ?? 0) * MicrosPerSecond;

    /// <summary>
    /// Days since 1970-01-01 of an instant, rounded down; in integers, as a double has no microseconds before 1684 and after 2255.
    /// </summary>
    public static int DayOf(long micros)
    {
        var day = micros / MicrosPerDay;
        return (int)(micros % MicrosPerDay < 0 ? day - 1 : day);
    }

    public static Timestamp Utc(long micros) => new(micros, 0);

    public static Timestamp From(DateTimeOffset value) =>
        new((value.DateTime.Ticks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond, (int)value.Offset.TotalSeconds);

    /// <summary>Seconds since the epoch, rounded half to even to microseconds as Python does; false outside the years 1 to 9999.</summary>
    public static bool TryFromEpoch(double seconds, out Timestamp value)
    {
        value = default;
        if (!double.IsFinite(seconds) || Math.Abs(seconds) > 1e12) return false;
        var whole = Math.Floor(seconds);
        var micros = (long)whole * MicrosPerSecond + (long)Math.Round((seconds - whole) * 1e6, MidpointRounding.ToEven);
        value = Utc(micros);
        return micros is >= MinMicros and <= MaxMicros;
    }

    public Timestamp ToUtc() => Utc(UtcMicros);

    /// <summary>ISO 8601 as Python prints it: <c>2024-01-01T12:00:00+00:00</c>, six digits only when there is a fraction.</summary>
    public override string ToString()
    {
        var text = new DateTime(DateTime.UnixEpoch.Ticks + WallMicros * TimeSpan.TicksPerMicrosecond, DateTimeKind.Unspecified)
            .ToString(WallMicros % MicrosPerSecond == 0 ? "yyyy-MM-ddTHH:mm:ss" : "yyyy-MM-ddTHH:mm:ss.ffffff",
                CultureInfo.InvariantCulture);
        if (OffsetSeconds is not { } offset) return text;
        var absolute = TimeSpan.FromSeconds(Math.Abs(offset));
        text += string.Create(CultureInfo.InvariantCulture, $"{(offset < 0 ? '-' : '+')}{absolute.Hours:00}:{absolute.Minutes:00}");
        return absolute.Seconds == 0 ? text : string.Create(CultureInfo.InvariantCulture, $"{text}:{absolute.Seconds:00}");
    }
}
