namespace Dlt.Tests.Support;

/// <summary>A clock that a test moves. Timers fire only in <see cref="RunUntilAsync"/>, in the order of their times.</summary>
internal sealed class ManualClock : TimeProvider
{
    private static readonly DateTimeOffset Start = new(2026, 5, 6, 7, 8, 9, TimeSpan.Zero);

    private readonly Lock _lock = new();
    private readonly List<Timer> _timers = [];
    private DateTimeOffset _now = Start;
    private long _created;

    /// <summary>Time since the clock was made.</summary>
    public TimeSpan Elapsed => GetUtcNow() - Start;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow()
    {
        lock (_lock) return _now;
    }

    public override long GetTimestamp() => GetUtcNow().UtcTicks;

    /// <summary>Moves the clock. No timer fires, as in a machine that sleeps.</summary>
    public void Advance(TimeSpan by)
    {
        lock (_lock) _now += by;
    }

    /// <summary>Removes all timers, as the end of a process does.</summary>
    public void Stop()
    {
        lock (_lock) _timers.Clear();
    }

    /// <summary>Fires timers, and moves the clock to their times, until a task ends or a time has passed since the start.</summary>
    public async Task RunUntilAsync(Task task, TimeSpan? limit = null)
    {
        while (!task.IsCompleted && !(Elapsed >= limit))
        {
            var next = Next();
            if (next is null)
            {
                await Task.Yield();
                continue;
            }

            var before = Interlocked.Read(ref _created);
            next.Fire();
            // what waited for the timer goes on, until it ends or waits again
            while (!next.IsPeriodic && !task.IsCompleted && Interlocked.Read(ref _created) == before) await Task.Yield();
        }
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Timer(this, () => callback(state), period);
        timer.Change(dueTime, period);
        Interlocked.Increment(ref _created);
        return timer;
    }

    private Timer? Next()
    {
        lock (_lock)
        {
            if (_timers.MinBy(t => t.Due) is not { } next) return null;
            if (next.Due > _now) _now = next.Due;
            if (next.IsPeriodic) next.Due += next.Period;
            else _timers.Remove(next);
            return next;
        }
    }

    private sealed class Timer(ManualClock clock, Action fire, TimeSpan period) : ITimer
    {
        public Action Fire => fire;

        public TimeSpan Period { get; private set; } = period;

        public bool IsPeriodic => Period != Timeout.InfiniteTimeSpan && Period != TimeSpan.Zero;

        public DateTimeOffset Due { get; set; }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (clock._lock)
            {
                clock._timers.Remove(this);
                Period = period;
                if (dueTime == Timeout.InfiniteTimeSpan) return true;
                Due = clock._now + dueTime;
                clock._timers.Add(this);
                return true;
            }
        }

        public void Dispose()
        {
            lock (clock._lock) clock._timers.Remove(this);
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return default;
        }
    }
}
