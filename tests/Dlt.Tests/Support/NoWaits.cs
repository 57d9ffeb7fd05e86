namespace Dlt.Tests.Support;

/// <summary>A clock on which every wait ends at once.</summary>
internal sealed class NoWaits : TimeProvider
{
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        base.CreateTimer(callback, state, dueTime == Timeout.InfiniteTimeSpan ? dueTime : TimeSpan.Zero, period);
}
