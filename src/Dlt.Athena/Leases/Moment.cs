namespace Dlt.Destinations.Leases;

/// <summary>
/// A moment that elapsed time is measured from. Both the clock and the counter of the machine measure it, and the longer time counts: the
/// counter may stand still while the machine sleeps, and the clock may be set back.
/// </summary>
internal sealed class Moment(TimeProvider time)
{
    private readonly DateTimeOffset _clock = time.GetUtcNow();
    private readonly long _counter = time.GetTimestamp();

    /// <summary>The clock.</summary>
    public TimeProvider Time => time;

    /// <summary>Time since the moment.</summary>
    public TimeSpan Elapsed
    {
        get
        {
            var (byClock, byCounter) = (time.GetUtcNow() - _clock, time.GetElapsedTime(_counter));
            return byClock > byCounter ? byClock : byCounter;
        }
    }
}
