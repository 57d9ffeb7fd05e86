using System.Globalization;
using Dlt.Destinations;
using Dlt.Diagnostics;
using Dlt.Internal;
using Dlt.Lake;
using Dlt.Schemas;

namespace Dlt.Load;

/// <summary>
/// A client that retries calls after transient failures, asks the lease of the run before it writes, and has defaults for the optional
/// interfaces that its inner client lacks (<see cref="IStateSync"/>, <see cref="IDatasetUpkeep"/>, <see cref="IRunLease"/>,
/// <see cref="ILoadJournal"/>, <see cref="ILoadRemoval"/>, <see cref="ILoadPreview"/>). Staging is not retried here:
/// <see cref="LoadStaging"/> does it, and records each failure in the package.
/// </summary>
/// <param name="inner">Client of the destination.</param>
/// <param name="waits">Waits between attempts, and warns about each wait.</param>
/// <param name="lease">The lease of the run.</param>
internal sealed class RetryingClient(IDestinationClient inner, RetryWaits waits, RunLease lease)
    : IDestinationClient, IStateSync, IDatasetUpkeep, IRunLease
{
    private const string Recovery = "complete loads of an earlier run";

    private static readonly RetryPolicy Policy = RetryPolicy.Steps;

    private readonly IStateSync? _stateSync = inner as IStateSync;
    private readonly IDatasetUpkeep? _upkeep = inner as IDatasetUpkeep;
    private readonly IRunLease? _lease = inner as IRunLease;
    private readonly ILoadJournal? _journal = inner as ILoadJournal;
    private readonly ILoadRemoval? _removal = inner as ILoadRemoval;
    private readonly ILoadPreview? _preview = inner as ILoadPreview;

    public string Location => inner.Location;

    public string? LocalFolder => inner.LocalFolder;

    public string? QueryName => inner.QueryName;

    /// <summary>Queries that the calls have started.</summary>
    public QueryUsage Usage => (inner as IQueryMeter)?.Usage ?? QueryUsage.None;

    /// <summary>True when the client reads the state of pipelines back.</summary>
    public bool KeepsState => _stateSync is not null;

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

    public Task<IHeldLease?> TakeLeaseAsync(LeaseHolder holder, bool waits, CancellationToken cancellationToken) => _lease is null
        ? Task.FromResult<IHeldLease?>(null)
        : RunAsync("take the lease of the pipeline", null, token => _lease.TakeLeaseAsync(holder, waits, token), cancellationToken);

    public void VerifySchema(Schema schema, IReadOnlyCollection<TableSchema> tables) => inner.VerifySchema(schema, tables);

    public Task CheckAsync(
        Schema schema, IReadOnlyCollection<TableSchema> tables, bool dropsTables, CancellationToken cancellationToken) =>
        RunAsync("check the existing tables", null, token => inner.CheckAsync(schema, tables, dropsTables, token), cancellationToken);

    public Task<bool> IsLoadedAsync(string loadId, CancellationToken cancellationToken) =>
        RunAsync("look up whether it is loaded", loadId, token => inner.IsLoadedAsync(loadId, token), cancellationToken);

    public Task<IReadOnlyList<string>> PrepareAsync(LoadPlan plan, CancellationToken cancellationToken) =>
        WriteAsync("prepare its tables", plan.LoadId, token => inner.PrepareAsync(plan, token), cancellationToken);

    /// <summary>Decides what a load would change; null when the client cannot say it.</summary>
    public async Task<LoadPreview?> PreviewAsync(LoadPlan plan, CancellationToken cancellationToken)
    {
        if (_preview is null) return null;
        return await RunAsync("preview its tables", null, token => _preview.PreviewAsync(plan, token), cancellationToken)
            .ConfigureAwait(false);
    }

    public Task<bool> IsStagedAsync(LoadJob job, CancellationToken cancellationToken) =>
        RunAsync($"look for job {job.JobId}", job.LoadId, token => inner.IsStagedAsync(job, token), cancellationToken);

    public async Task<ReadOnlyMemory<byte>> StageAsync(LoadJob job, CancellationToken cancellationToken)
    {
        await lease.EnsureAsync(cancellationToken).ConfigureAwait(false);
        return await inner.StageAsync(job, cancellationToken).ConfigureAwait(false);
    }

    public Task<IReadOnlyDictionary<string, PublishedRows>> PublishAsync(
        LoadPlan plan, TableChain chain, CancellationToken cancellationToken)
    {
        var what = $"publish table '{chain.Root.Name}'";
        return WriteAsync(what, plan.LoadId, token => inner.PublishAsync(plan, chain, token), cancellationToken);
    }

    public Task RecordStagedAsync(IReadOnlyList<LoadPlan> loads, CancellationToken cancellationToken) => _journal is null
        ? Task.CompletedTask
        : WriteAsync("record its staged files", loads[0].LoadId, token => _journal.RecordStagedAsync(loads, token), cancellationToken);

    /// <summary>Completes or undoes loads of an earlier run, and asks the lease of this run before each write.</summary>
    public Task RecoverAsync(IReadOnlySet<string> kept, bool resets, CancellationToken cancellationToken)
    {
        return _journal is null
            ? Task.CompletedTask
            : RunAsync(Recovery, null, CallAsync, cancellationToken);

        Task CallAsync(CancellationToken token) => _journal.RecoverAsync(kept, resets, lease.EnsureAsync, token);
    }

    /// <summary>Removes what a load has written; null when the client cannot do that.</summary>
    public async Task<RemovedLoad?> RemoveLoadAsync(string loadId, CancellationToken cancellationToken)
    {
        if (_removal is null) return null;
        return await WriteAsync("remove it", loadId, token => _removal.RemoveLoadAsync(loadId, token), cancellationToken)
            .ConfigureAwait(false);
    }

    public Task CommitAsync(IReadOnlyList<LoadPlan> loads, CancellationToken cancellationToken) =>
        WriteAsync("commit", loads[0].LoadId, token => inner.CommitAsync(loads, token), cancellationToken);

    public Task SettleAsync(LoadPlan plan, CancellationToken cancellationToken) => _upkeep is null
        ? Task.CompletedTask
        : WriteAsync("remove the files that it replaces", plan.LoadId, token => _upkeep.SettleAsync(plan, token), cancellationToken);

    public ValueTask DisposeAsync() => inner.DisposeAsync();

    private Task RunAsync(string what, string? loadId, Func<CancellationToken, Task> call, CancellationToken cancellationToken) =>
        RunAsync(what, loadId, WithValue(call), cancellationToken);

    private Task WriteAsync(string what, string? loadId, Func<CancellationToken, Task> call, CancellationToken cancellationToken) =>
        WriteAsync(what, loadId, WithValue(call), cancellationToken);

    private static Func<CancellationToken, Task<bool>> WithValue(Func<CancellationToken, Task> call) => async token =>
    {
        await call(token).ConfigureAwait(false);
        return true;
    };

    /// <summary>Makes a call that writes: each attempt asks the lease first.</summary>
    private Task<T> WriteAsync<T>(
        string what, string? loadId, Func<CancellationToken, Task<T>> call, CancellationToken cancellationToken)
    {
        return RunAsync(what, loadId, CallAsync, cancellationToken);

        async Task<T> CallAsync(CancellationToken token)
        {
            await lease.EnsureAsync(token).ConfigureAwait(false);
            return await call(token).ConfigureAwait(false);
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
            ? new DltException($"{story} {(what == Recovery ? "What it has completed stays" : "Nothing was changed")}; run again.", error)
            { IsTransient = true }
            : new LoadException(story, error) { LoadId = loadId, IsTransient = true };
    }

    private static string Story(string what, string? loadId, Exception error) =>
        $"{(loadId is null ? "The destination" : $"Load {loadId}")} failed to {what}: {Failure.Cause(error).TrimEnd('.')}";
}
