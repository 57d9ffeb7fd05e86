namespace Dlt.Tests.Support;

/// <summary>A clock that runs faster by a factor: waits of minutes end soon and keep their order.</summary>
internal sealed class FastClock(int factor) : TimeProvider
{
    private readonly DateTimeOffset _began = TimeProvider.System.GetUtcNow();

    public override DateTimeOffset GetUtcNow() => _began + ((TimeProvider.System.GetUtcNow() - _began) * factor);

    public override long GetTimestamp() => TimeProvider.System.GetTimestamp() * factor;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        new Timer(base.CreateTimer(callback, state, Shorter(dueTime), Shorter(period)), factor);

    private TimeSpan Shorter(TimeSpan time) => Shorter(time, factor);

    private static TimeSpan Shorter(TimeSpan time, int factor) => time == Timeout.InfiniteTimeSpan ? time : time / factor;

    private sealed class Timer(ITimer timer, int factor) : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period) => timer.Change(Shorter(dueTime, factor), Shorter(period, factor));

        public void Dispose() => timer.Dispose();

        public ValueTask DisposeAsync() => timer.DisposeAsync();
    }
}
