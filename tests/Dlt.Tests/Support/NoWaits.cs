namespace Dlt.Tests.Support;

/// <summary>
/// A clock on which every wait (<see cref="Task.Delay(TimeSpan, TimeProvider)"/>) ends at once. Timeouts keep their length.
/// </summary>
internal sealed class NoWaits : TimeProvider
{
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        base.CreateTimer(callback, state, state is Task && dueTime != Timeout.InfiniteTimeSpan ? TimeSpan.Zero : dueTime, period);
}
