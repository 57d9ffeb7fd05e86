using System.Collections.Concurrent;

namespace Dlt.Tests.Support;

/// <summary>
/// A clock on which every wait (<see cref="Task.Delay(TimeSpan, TimeProvider)"/>) ends at once and moves the time. Other timers keep their
/// length.
/// </summary>
internal sealed class RecordingClock : TimeProvider
{
    private readonly ConcurrentQueue<TimeSpan> _waits = [];
    private long _waited;

    /// <summary>Lengths of the waits, in order.</summary>
    public IReadOnlyList<TimeSpan> Waits => [.. _waits];

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + TimeSpan.FromTicks(Interlocked.Read(ref _waited));

    public override long GetTimestamp() =>
        base.GetTimestamp() + (long)(TimeSpan.FromTicks(Interlocked.Read(ref _waited)).TotalSeconds * TimestampFrequency);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        if (dueTime <= TimeSpan.Zero || dueTime == Timeout.InfiniteTimeSpan || state is not Task)
            return base.CreateTimer(callback, state, dueTime, period);
        _waits.Enqueue(dueTime);
        Interlocked.Add(ref _waited, dueTime.Ticks);
        return base.CreateTimer(callback, state, TimeSpan.Zero, period);
    }
}
