namespace Dlt.Golden.Rest;

/// <summary>A clock on which waits end at once and count nevertheless.</summary>
internal sealed class WaitingClock : TimeProvider
{
    private long _waited;

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + TimeSpan.FromTicks(Interlocked.Read(ref _waited));

    public override long GetTimestamp() => base.GetTimestamp()
        + (long)(TimeSpan.FromTicks(Interlocked.Read(ref _waited)).TotalSeconds * TimestampFrequency);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        if (dueTime <= TimeSpan.Zero || dueTime == Timeout.InfiniteTimeSpan || state is not Task)
            return base.CreateTimer(callback, state, dueTime, period);
        Interlocked.Add(ref _waited, dueTime.Ticks);
        return base.CreateTimer(callback, state, TimeSpan.Zero, period);
    }
}
