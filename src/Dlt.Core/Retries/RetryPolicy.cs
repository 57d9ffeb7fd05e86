namespace Dlt.Retries;

/// <summary>
/// How often something is tried, and how long to wait in between: exponential, capped, with jitter. The one formula of all retries.
/// </summary>
internal sealed record RetryPolicy
{
    private const int MostDoublings = 62;

    /// <summary>Calls of a service that has answered before: about a minute of patience.</summary>
    public static RetryPolicy Calls { get; } = new() { Attempts = 10 };

    /// <summary>The first call of a service: it may be the address that is wrong, so the user hears of it soon.</summary>
    public static RetryPolicy FirstCall { get; } = new() { Attempts = 5 };

    /// <summary>Steps that consist of calls, each of which was tried by <see cref="Calls"/>.</summary>
    public static RetryPolicy Steps { get; } = new() { Attempts = 5, LongestWait = TimeSpan.FromSeconds(10) };

    /// <summary>Attempts in all, the first one included. 1 or more.</summary>
    public required int Attempts { get; init; }

    /// <summary>The longest wait after the first attempt. Each later one is up to twice as long.</summary>
    public TimeSpan FirstWait { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>No wait is longer.</summary>
    public TimeSpan LongestWait { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>The longest wait that a service may ask for.</summary>
    public TimeSpan LongestAsked { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>The time before the next attempt: between half and all of what the doubling gives.</summary>
    /// <param name="attempt">The attempt that failed, 1 for the first; any number.</param>
    public TimeSpan Wait(int attempt) => Wait(attempt, Random.Shared.NextDouble());

    /// <summary>The time before the next attempt.</summary>
    /// <param name="attempt">The attempt that failed, 1 for the first; any number.</param>
    /// <param name="random">At least 0, below 1.</param>
    public TimeSpan Wait(int attempt, double random)
    {
        var doublings = Math.Clamp(attempt - 1, 0, MostDoublings);
        var milliseconds = Math.Min(LongestWait.TotalMilliseconds, FirstWait.TotalMilliseconds * Math.Pow(2, doublings));
        return TimeSpan.FromMilliseconds(milliseconds * (0.5 + (random / 2)));
    }

    /// <summary>The time before the next attempt, where the service may have said how long it wants to be left alone.</summary>
    /// <param name="attempt">The attempt that failed, 1 for the first.</param>
    /// <param name="asked">What the service said (<c>Retry-After</c>); null, zero or negative for nothing. At most
    /// <see cref="LongestAsked"/> is heeded.</param>
    public TimeSpan Wait(int attempt, TimeSpan? asked) =>
        asked is { } time && time > TimeSpan.Zero ? TimeSpan.FromTicks(Math.Min(time.Ticks, LongestAsked.Ticks)) : Wait(attempt);
}
