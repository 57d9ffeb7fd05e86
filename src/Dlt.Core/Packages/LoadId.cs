using System.Globalization;
using System.Runtime.CompilerServices;

namespace Dlt.Packages;

/// <summary>
/// Creates load ids: Unix seconds as a floating-point number in shortest decimal form, strictly increasing for one clock within a process
/// (docs/spec/pipeline.md 2.2).
/// </summary>
internal static class LoadId
{
    private static readonly ConditionalWeakTable<TimeProvider, StrongBox<double>> LastOfClock = [];
    private static readonly Lock Gate = new();

    private const double MaxStep = 0.1;   // seconds

    public static string Next(TimeProvider time)
    {
        lock (Gate)
        {
            var last = LastOfClock.GetOrCreateValue(time);
            var now = (time.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks / (double)TimeSpan.TicksPerSecond;
            if (now <= last.Value) now = Math.BitIncrement(last.Value);
            last.Value = now;
            return Format(now);
        }
    }

    /// <summary>
    /// Returns the load id, or, if it is not above another id, a random id slightly above that one. It is random because machines with slow
    /// clocks may continue from the same id and must not create equal ids.
    /// </summary>
    /// <param name="loadId">Load id to use if it is high enough.</param>
    /// <param name="other">Load id that must be lower.</param>
    public static string Above(string loadId, string other) =>
        LoadIdOrder.Instance.Compare(loadId, other) > 0
            ? loadId
            : Format(Math.BitIncrement(Seconds(other) + Random.Shared.NextDouble() * MaxStep));

    /// <summary>Returns true when the id denotes a time; ids of other tools may not.</summary>
    public static bool IsTime(string loadId) => Seconds(loadId) is >= 0 and < 253402300800;   // year 10000

    public static string Format(double seconds)
    {
        var text = seconds.ToString("R", CultureInfo.InvariantCulture);
        return text.Contains('.', StringComparison.Ordinal) ? text : text + ".0";
    }

    /// <summary>Returns the time that a load id denotes.</summary>
    public static DateTimeOffset ToTime(string loadId) =>
        DateTimeOffset.UnixEpoch.AddTicks((long)(decimal.Parse(loadId, CultureInfo.InvariantCulture) * TimeSpan.TicksPerSecond));

    private static double Seconds(string loadId) =>
        double.TryParse(loadId, NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds) ? seconds : double.NegativeInfinity;
}
