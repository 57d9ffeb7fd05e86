using System.Globalization;
using Dlt.Destinations;
using Dlt.Diagnostics;
using Dlt.Internal;
using Dlt.Schemas;

namespace Dlt.Load;

/// <summary>
/// A client that retries calls after transient failures, and that has defaults for the optional interfaces that its inner client lacks
/// (<see cref="IStateSync"/>, <see cref="IDatasetUpkeep"/>). Staging is not retried here: <see cref="LoadStaging"/> does it, and records
/// each failure in the package.
/// </summary>
/// <param name="inner">Client of the destination.</param>
/// <param name="waits">Waits between attempts, and warns about each wait.</param>
internal sealed class RetryingClient(IDestinationClient inner, RetryWaits waits) : IDestinationClient, IStateSync, IDatasetUpkeep
{
    private static readonly RetryPolicy Policy = RetryPolicy.Steps;

    private readonly IStateSync? _stateSync = inner as IStateSync;
    private readonly IDatasetUpkeep? _upkeep = inner as IDatasetUpkeep;

    public string Location => inner.Location;

    /// <summary>The client where it can remove loads; null otherwise.</summary>
    public ILoadRemoval? Removal => inner as ILoadRemoval;

    public string? LocalFolder => inner.LocalFolder;

    public string? QueryName => inner.QueryName;

    public Task<StoredState?> GetStoredStateAsync(CancellationToken cancellationToken) => _stateSync is null
        ? Task.FromResult<StoredState?>(null)
        : RunAsync("restore the state", null, _stateSync.GetStoredStateAsync, cancellationToken);

    public Task<string?> HighestLoadIdAsync(CancellationToken cancellationToken) => _stateSync is null
        ? Task.FromResult<string?>(null)
        : RunAsync("read the load ids", null, _stateSync.HighestLoadIdAsync, cancellationToken);

    /// <summary>Returns true when the client cannot look for the dataset.</summary>
    public Task<bool> DatasetExistsAsync(CancellationToken cancellationToken) => _stateSync is null
        ? Task.FromResult(true)
        : RunAsync("look for the dataset", null, _stateSync.DatasetExistsAsync, cancellationToken);

    public Task<Schema?> GetStoredSchemaAsync(string name, CancellationToken cancellationToken) => _stateSync is null
        ? Task.FromResult<Schema?>(null)
        : RunAsync($"restore schema '{name}'", null, token => _stateSync.GetStoredSchemaAsync(name, token), cancellationToken);

    public void VerifySchema(Schema schema, IReadOnlyCollection<TableSchema> tables) => inner.VerifySchema(schema, tables);

    public Task CheckAsync(
        Schema schema, IReadOnlyCollection<TableSchema> tables, bool dropsTables, CancellationToken cancellationToken) =>
        RunAsync("check the existing tables", null, token => inner.CheckAsync(schema, tables, dropsTables, token), cancellationToken);

    public Task<bool> IsLoadedAsync(string loadId, CancellationToken cancellationToken) =>
        RunAsync("look up whether it is loaded", loadId, token => inner.IsLoadedAsync(loadId, token), cancellationToken);

    public Task<IReadOnlyList<string>> PrepareAsync(LoadPlan plan, CancellationToken cancellationToken) =>
        RunAsync("prepare its tables", plan.LoadId, token => inner.PrepareAsync(plan, token), cancellationToken);

    public Task<bool> IsStagedAsync(LoadJob job, CancellationToken cancellationToken) =>
        RunAsync($"look for job {job.JobId}", job.LoadId, token => inner.IsStagedAsync(job, token), cancellationToken);

    public Task<ReadOnlyMemory<byte>> StageAsync(LoadJob job, CancellationToken cancellationToken) =>
        inner.StageAsync(job, cancellationToken);

    public Task<IReadOnlyDictionary<string, long?>> PublishAsync(
        LoadPlan plan, TableChain chain, CancellationToken cancellationToken)
    {
        var what = $"publish table '{chain.Root.Name}'";
        return RunAsync(what, plan.LoadId, token => inner.PublishAsync(plan, chain, token), cancellationToken);
    }

    public Task CommitAsync(IReadOnlyList<LoadPlan> loads, CancellationToken cancellationToken) =>
        RunAsync("commit", loads[0].LoadId, token => inner.CommitAsync(loads, token), cancellationToken);

    public Task SettleAsync(LoadPlan plan, CancellationToken cancellationToken) => _upkeep is null
        ? Task.CompletedTask
        : RunAsync("remove the files that it replaces", plan.LoadId, token => _upkeep.SettleAsync(plan, token), cancellationToken);

    public ValueTask DisposeAsync() => inner.DisposeAsync();

    private Task RunAsync(string what, string? loadId, Func<CancellationToken, Task> call, CancellationToken cancellationToken)
    {
        return RunAsync(what, loadId, CallAsync, cancellationToken);

        async Task<bool> CallAsync(CancellationToken token)
        {
            await call(token).ConfigureAwait(false);
            return true;
        }
    }

    private async Task<T> RunAsync<T>(
        string what, string? loadId, Func<CancellationToken, Task<T>> call, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await call(cancellationToken).ConfigureAwait(false);
            }
            catch (Exception error) when (Failure.IsTransient(error, cancellationToken))
            {
                if (attempt == Policy.Attempts) throw LastError(what, loadId, error);
                RunInstruments.CountRetry(error);
                await waits.WaitAsync(Story(what, loadId, error), attempt, Policy.Attempts, Policy.Wait(attempt), cancellationToken)
                    .ConfigureAwait(false);
            }
        }
    }

    /// <summary>Returns the error after the last attempt. The caller adds which packages wait.</summary>
    private static DltException LastError(string what, string? loadId, Exception error)
    {
        if (loadId is null && error is DltException known) return known;
        var attempts = Policy.Attempts.ToString(CultureInfo.InvariantCulture);
        var story = $"{Story(what, loadId, error)}. That was the last of {attempts} attempts.";
        return loadId is null
            ? new DltException($"{story} Nothing was changed; run again.", error) { IsTransient = true }
            : new LoadException(story, error) { LoadId = loadId, IsTransient = true };
    }

    private static string Story(string what, string? loadId, Exception error) =>
        $"{(loadId is null ? "The destination" : $"Load {loadId}")} failed to {what}: {Failure.Cause(error).TrimEnd('.')}";
}
