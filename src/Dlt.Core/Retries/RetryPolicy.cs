using System.ComponentModel;

namespace Dlt.Internal;

/// <summary>
/// Defines how often a call is attempted and how long to wait between attempts: exponential, capped, with jitter. All retries of dlt use
/// this formula.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed record RetryPolicy
{
    private const int MostDoublings = 62;

    /// <summary>Policy for a service that has answered before: 10 attempts, about one minute in all.</summary>
    public static RetryPolicy Calls { get; } = new() { Attempts = 10 };

    /// <summary>Policy for the first call of a service: 5 attempts, because a wrong address should be reported soon.</summary>
    public static RetryPolicy FirstCall { get; } = new() { Attempts = 5 };

    /// <summary>Policy for steps that consist of calls, each of which is retried by <see cref="Calls"/>: 5 attempts.</summary>
    public static RetryPolicy Steps { get; } = new() { Attempts = 5, MaxWait = TimeSpan.FromSeconds(10) };

    /// <summary>Number of attempts, including the first one. 1 or more; <see cref="int.MaxValue"/> when only time limits them.</summary>
    public required int Attempts { get; init; }

    /// <summary>Maximum wait after the first attempt; 200 ms by default. It doubles after every further attempt.</summary>
    public TimeSpan FirstWait { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>Maximum computed wait; 20 s by default.</summary>
    public TimeSpan MaxWait { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>Maximum wait that a service may ask for (<c>Retry-After</c>); one minute by default.</summary>
    public TimeSpan MaxRequestedWait { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Returns the time before the next attempt: a random time between half of the doubled wait and all of it.</summary>
    /// <param name="attempt">Number of the failed attempt, 1 for the first.</param>
    public TimeSpan Wait(int attempt) => Wait(attempt, Random.Shared.NextDouble());

    /// <summary>Returns the time before the next attempt.</summary>
    /// <param name="attempt">Number of the failed attempt, 1 for the first.</param>
    /// <param name="random">Random number from 0 to below 1.</param>
    internal TimeSpan Wait(int attempt, double random)
    {
        var doublings = Math.Clamp(attempt - 1, 0, MostDoublings);
        var milliseconds = Math.Min(MaxWait.TotalMilliseconds, FirstWait.TotalMilliseconds * Math.Pow(2, doublings));
        return TimeSpan.FromMilliseconds(milliseconds * (0.5 + (random / 2)));
    }

    /// <summary>Returns the time before the next attempt, when the service may have asked for a wait.</summary>
    /// <param name="attempt">Number of the failed attempt, 1 for the first.</param>
    /// <param name="requested">Wait that the service asked for; null, zero or negative when it did not. A longer wait is limited to
    /// <see cref="MaxRequestedWait"/>.</param>
    public TimeSpan Wait(int attempt, TimeSpan? requested) =>
        requested is { } time && time > TimeSpan.Zero ? TimeSpan.FromTicks(Math.Min(time.Ticks, MaxRequestedWait.Ticks)) : Wait(attempt);
}
