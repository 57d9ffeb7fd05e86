using System.Globalization;

namespace Dlt.Packages;

/// <summary>Unix seconds as a floating-point number in shortest decimal form, strictly increasing within a process (spec/pipeline.md 2.2).</summary>
internal static class LoadId
{
    private static double _last;
    private static readonly Lock Gate = new();

    public static string Next(TimeProvider time)
    {
        lock (Gate)
        {
            var now = (time.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks / (double)TimeSpan.TicksPerSecond;
            if (now <= _last) now = Math.BitIncrement(_last);
            _last = now;
            return Format(now);
        }
    }

    public static string Format(double seconds)
    {
        var text = seconds.ToString("R", CultureInfo.InvariantCulture);
        return text.Contains('.', StringComparison.Ordinal) ? text : text + ".0";
    }

    /// <summary>The moment that a load id stands for.</summary>
    public static DateTimeOffset ToTime(string loadId) =>
        DateTimeOffset.UnixEpoch.AddTicks((long)(decimal.Parse(loadId, CultureInfo.InvariantCulture) * TimeSpan.TicksPerSecond));
}
