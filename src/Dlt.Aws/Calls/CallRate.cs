using System.Collections.Concurrent;

namespace Dlt.Aws;

/// <summary>
/// A token bucket for one operation of an account in a region, shared by all clients of this process. Calls are not limited until the
/// service throttles one. Then calls go out at the rate that the service bore, less a third, and the rate grows again while nothing is
/// throttled.
/// </summary>
/// <param name="time">Clock that fills the bucket.</param>
/// <remarks>Safe for concurrent use. Repetitions of a throttled call alone would keep all callers just above the limit.</remarks>
internal sealed class CallRate(TimeProvider time)
{
    private const double SlowestRate = 0.5;
    private const double Decrease = 0.7;
    private const double GrowthPerSecond = 1.1;
    private const double ForgottenAfterGrowth = 10;

    private static readonly ConcurrentDictionary<(TimeProvider, string Account, string Host, string Operation), CallRate> Rates = new();
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private readonly Queue<long> _sent = new();
    private double _rate = double.PositiveInfinity;
    private double _throttledRate;
    private double _tokens;
    private long _filled;
    private long _grown;
    private long _decreased;

    /// <summary>Calls a second that may be sent; infinite while the service has throttled none.</summary>
    public double Rate
    {
        get
        {
            lock (_lock) return _rate;
        }
    }

    /// <summary>The bucket of an operation.</summary>
    /// <param name="clock">Clock of the client.</param>
    /// <param name="account">The account (<see cref="CallAccount"/>).</param>
    /// <param name="host">Host of the service, which stands for its region.</param>
    /// <param name="operation">Operation of the API.</param>
    public static CallRate Of(TimeProvider clock, string account, string host, string operation) =>
        Rates.GetOrAdd((clock, account, host, operation), key => new(key.Item1));

    /// <summary>Takes a token for one attempt, and waits until the bucket has one.</summary>
    public Task WaitAsync(CancellationToken cancellationToken)
    {
        var wait = Take();
        return wait <= TimeSpan.Zero ? Task.CompletedTask : Task.Delay(wait, time, cancellationToken);
    }

    /// <summary>Notes that the service throttled an attempt. Answers to calls that were under way together count once.</summary>
    public void Throttle()
    {
        lock (_lock)
        {
            var now = time.GetTimestamp();
            if (_decreased != 0 && time.GetElapsedTime(_decreased, now) < Second) return;
            Forget(now);
            _rate = Math.Max(SlowestRate, Math.Min(_rate, _sent.Count) * Decrease);
            _throttledRate = _rate;
            _tokens = 0;
            _filled = _grown = _decreased = now;
        }
    }

    private TimeSpan Take()
    {
        lock (_lock)
        {
            var now = time.GetTimestamp();
            Forget(now);
            _sent.Enqueue(now);
            if (double.IsPositiveInfinity(_rate)) return TimeSpan.Zero;
            Grow(now);
            if (double.IsPositiveInfinity(_rate)) return TimeSpan.Zero;
            _tokens = Math.Min(_rate, _tokens + (_rate * time.GetElapsedTime(_filled, now).TotalSeconds)) - 1;
            _filled = now;
            return _tokens >= 0 ? TimeSpan.Zero : TimeSpan.FromSeconds(-_tokens / _rate);
        }
    }

    /// <summary>Raises the rate for the time since the last change. Far above the rate that was throttled, the limit ends.</summary>
    private void Grow(long now)
    {
        _rate *= Math.Pow(GrowthPerSecond, time.GetElapsedTime(_grown, now).TotalSeconds);
        _grown = now;
        if (_rate > _throttledRate * ForgottenAfterGrowth) _rate = double.PositiveInfinity;
    }

    private void Forget(long now)
    {
        while (_sent.TryPeek(out var oldest) && time.GetElapsedTime(oldest, now) > Second) _sent.Dequeue();
    }
}
