namespace Dlt.Tracing;

/// <summary>Runs the steps of a run and reports the begin and end of each.</summary>
/// <param name="observer">Receives the begin and end of steps.</param>
/// <param name="time">Clock for the times and durations of steps.</param>
internal sealed class RunSteps(RunObserver observer, TimeProvider time)
{
    /// <summary>Receives what the steps report: packages, rows and files.</summary>
    public RunObserver Observer => observer;

    /// <summary>Runs a step.</summary>
    /// <param name="name">Name of the step.</param>
    /// <param name="step">The step; it returns its result, or null when there was nothing to do.</param>
    public async Task StepAsync(string name, Func<Task<StepOutcome?>> step)
    {
        var (started, stamp) = Begin(name);
        StepOutcome? outcome;
        try
        {
            outcome = await step().ConfigureAwait(false);
        }
        catch (Exception error)
        {
            End(name, started, stamp, null, error);
            throw;
        }

        End(name, started, stamp, outcome, null);
    }

    /// <inheritdoc cref="StepAsync"/>
    public void Step(string name, Func<StepOutcome?> step)
    {
        var (started, stamp) = Begin(name);
        StepOutcome? outcome;
        try
        {
            outcome = step();
        }
        catch (Exception error)
        {
            End(name, started, stamp, null, error);
            throw;
        }

        End(name, started, stamp, outcome, null);
    }

    private (DateTimeOffset Started, long Stamp) Begin(string name)
    {
        observer.StepBegan(name);
        return (time.GetUtcNow(), time.GetTimestamp());
    }

    private void End(string name, DateTimeOffset started, long stamp, StepOutcome? outcome, Exception? error) =>
        observer.StepEnded(new(name, started, time.GetUtcNow(), time.GetElapsedTime(stamp), outcome, error));
}
