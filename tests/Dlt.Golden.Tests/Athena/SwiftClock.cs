namespace Dlt.Golden.Athena;

/// <summary>A clock on which waits before another attempt end at once.</summary>
internal sealed class SwiftClock : TimeProvider
{
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        base.CreateTimer(callback, state, state is Task && dueTime != Timeout.InfiniteTimeSpan ? TimeSpan.Zero : dueTime, period);
}
