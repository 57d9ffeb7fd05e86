namespace Dlt.Local;

/// <summary>A query that runs on a thread of its own until its first rows are there.</summary>
internal sealed class DuckExecution : IDisposable
{
    private readonly CancellationTokenSource _stop = new();

    /// <param name="run">Runs the query; its token ends it.</param>
    public DuckExecution(Func<CancellationToken, Task<DuckResult>> run)
    {
        var token = _stop.Token;
        Running = Task.Run(() => run(token));
    }

    /// <summary>Ends with the result, or with the error of the query.</summary>
    public Task<DuckResult> Running { get; }

    /// <summary>Ends the query, and closes what it holds.</summary>
    public async Task StopAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await ((Task)Running).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (Running.IsCompletedSuccessfully) await (await Running.ConfigureAwait(false)).DisposeAsync().ConfigureAwait(false);
        Dispose();
    }

    /// <summary>Called when <see cref="Running"/> has ended; its result stays open.</summary>
    public void Dispose() => _stop.Dispose();
}
