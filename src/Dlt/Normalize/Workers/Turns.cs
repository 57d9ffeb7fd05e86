namespace Dlt.Normalize.Workers;

/// <summary>Makes threads run a step one after another, in the order of numbers assigned before.</summary>
internal sealed class Turns
{
    private readonly object _lock = new();
    private long _current;
    private bool _isStopped;

    /// <summary>Waits until all numbers below <paramref name="turn"/> have passed.</summary>
    /// <exception cref="OperationCanceledException"><see cref="Stop"/> was called.</exception>
    public void Wait(long turn)
    {
        lock (_lock)
        {
            while (_current != turn && !_isStopped) Monitor.Wait(_lock);
            if (_isStopped) throw new OperationCanceledException();
        }
    }

    /// <summary>Ends the turn of the current number.</summary>
    public void Pass()
    {
        lock (_lock)
        {
            _current++;
            Monitor.PulseAll(_lock);
        }
    }

    /// <summary>Ends all waits; no further turn is given.</summary>
    public void Stop()
    {
        lock (_lock)
        {
            _isStopped = true;
            Monitor.PulseAll(_lock);
        }
    }
}
