using System.Globalization;

namespace Dlt;

/// <summary>A date and time of day in microseconds, with the offset from UTC if it is known.</summary>
/// <param name="WallMicros">Microseconds of local time since 1970-01-01T00:00.</param>
/// <param name="OffsetSeconds">Seconds east of UTC; null when the offset is unknown.</param>
public readonly record struct Timestamp(long WallMicros, int? OffsetSeconds)
{
    internal const long MicrosPerSecond = 1_000_000;
    internal const long MicrosPerDay = 86_400 * MicrosPerSecond;

    /// <summary>Earliest value: 0001-01-01T00:00.</summary>
    internal const long MinMicros = -62_135_596_800 * MicrosPerSecond;

    /// <summary>Latest value: 9999-12-31T23:59:59.999999.</summary>
    internal const long MaxMicros = 253_402_300_800 * MicrosPerSecond - 1;

    /// <summary>Microseconds since the epoch in UTC. A time without an offset is taken as UTC.</summary>
    public long UtcMicros => WallMicros - (OffsetSeconds ?? 0) * MicrosPerSecond;

    /// <summary>
    /// Returns the days since 1970-01-01, rounded down. Uses integers, because a double cannot hold microseconds before 1684 and after
    /// 2255.
    /// </summary>
    internal static int DayOf(long micros)
    {
        var day = micros / MicrosPerDay;
        return (int)(micros % MicrosPerDay < 0 ? day - 1 : day);
    }

    /// <summary>Creates a time in UTC.</summary>
    /// <param name="micros">Microseconds since 1970-01-01T00:00Z.</param>
    public static Timestamp Utc(long micros) => new(micros, 0);

    /// <summary>Converts a time with its offset; ticks below a microsecond are truncated.</summary>
    public static Timestamp From(DateTimeOffset value) =>
        new((value.DateTime.Ticks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond, (int)value.Offset.TotalSeconds);

    /// <summary>Converts a date-time: UTC, the local time of this machine with its offset, or a time without offset, by its kind.</summary>
    internal static Timestamp From(DateTime value) => value.Kind switch
    {
        DateTimeKind.Utc => From(new DateTimeOffset(value, TimeSpan.Zero)),
        DateTimeKind.Local => From(new DateTimeOffset(value)),
        _ => From(new DateTimeOffset(value, TimeSpan.Zero)) with { OffsetSeconds = null },
    };

    /// <summary>
    /// Converts seconds since the epoch, rounded half to even to microseconds as Python does. Returns false outside the years 1 to 9999.
    /// </summary>
    internal static bool TryFromEpoch(double seconds, out Timestamp value)
    {
        value = default;
        if (!double.IsFinite(seconds) || Math.Abs(seconds) > 1e12) return false;
        var whole = Math.Floor(seconds);
        var micros = (long)whole * MicrosPerSecond + (long)Math.Round((seconds - whole) * 1e6, MidpointRounding.ToEven);
        value = Utc(micros);
        return micros is >= MinMicros and <= MaxMicros;
    }

    /// <summary>
    /// Returns ISO 8601 text as Python prints it, such as <c>2024-01-01T12:00:00+00:00</c>; six fraction digits unless the fraction is 0.
    /// </summary>
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
