using Dlt.Lake;

namespace Dlt.Local;

/// <summary>A query that runs in the background until its first rows are available.</summary>
internal sealed class DuckExecution : IDisposable
{
    private readonly CancellationTokenSource _stop = new();

    /// <summary>Starts the query.</summary>
    /// <param name="run">Runs the query until its token is cancelled.</param>
    public DuckExecution(Func<CancellationToken, Task<IAthenaResult>> run)
    {
        var token = _stop.Token;
        Running = Task.Run(() => run(token));
    }

    /// <summary>Completes with the result, or with the error of the query.</summary>
    public Task<IAthenaResult> Running { get; }

    /// <summary>Stops the query and closes its result.</summary>
    public async Task StopAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await ((Task)Running).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (Running.IsCompletedSuccessfully) await (await Running.ConfigureAwait(false)).DisposeAsync().ConfigureAwait(false);
        Dispose();
    }

    /// <summary>Call after <see cref="Running"/> has completed; its result stays open.</summary>
    public void Dispose() => _stop.Dispose();
}
