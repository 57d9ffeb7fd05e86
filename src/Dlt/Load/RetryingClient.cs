using System.Globalization;
using Dlt.Retries;
using Dlt.Schemas;

namespace Dlt.Load;

/// <summary>
/// A destination whose calls are tried again when their failure may pass. All of them can be repeated, so one place does it. Uploads are
/// not repeated here: each failure of theirs is noted in the package (<see cref="LoadStep"/>).
/// </summary>
/// <param name="inner">The destination.</param>
/// <param name="waits">Waits, and says so.</param>
internal sealed class RetryingClient(IDestinationClient inner, RetryWaits waits) : IDestinationClient
{
    private static readonly RetryPolicy Policy = RetryPolicy.Steps;

    public string Location => inner.Location;

    public string? LocalFolder => inner.LocalFolder;

    public string? QueryName => inner.QueryName;

    public Task<RemoteState?> RestoreStateAsync(CancellationToken cancellationToken) =>
        RunAsync("restore the state", null, inner.RestoreStateAsync, cancellationToken);

    public Task<string?> HighestLoadIdAsync(CancellationToken cancellationToken) =>
        RunAsync("read the load ids", null, inner.HighestLoadIdAsync, cancellationToken);

    public Task<bool> DatasetExistsAsync(CancellationToken cancellationToken) =>
        RunAsync("look for the dataset", null, inner.DatasetExistsAsync, cancellationToken);

    public Task<Schema?> RestoreSchemaAsync(string name, CancellationToken cancellationToken) =>
        RunAsync($"restore schema '{name}'", null, token => inner.RestoreSchemaAsync(name, token), cancellationToken);

    public void Verify(Schema schema, IReadOnlyCollection<TableSchema> tables) => inner.Verify(schema, tables);

    public Task CheckAsync(
        Schema schema, IReadOnlyCollection<TableSchema> tables, bool dropsTables, CancellationToken cancellationToken) =>
        RunAsync(
            "look at what is there", null, token => inner.CheckAsync(schema, tables, dropsTables, token), cancellationToken);

    public Task<bool> IsLoadedAsync(string loadId, CancellationToken cancellationToken) =>
        RunAsync("look whether it is loaded", loadId, token => inner.IsLoadedAsync(loadId, token), cancellationToken);

    public Task<IReadOnlyList<string>> PrepareAsync(LoadPlan plan, CancellationToken cancellationToken) =>
        RunAsync("prepare its tables", plan.LoadId, token => inner.PrepareAsync(plan, token), cancellationToken);

    public Task<bool> IsUploadedAsync(LoadJob job, Schema schema, CancellationToken cancellationToken) =>
        RunAsync($"look for job {job.Name.JobId}", job.LoadId, token => inner.IsUploadedAsync(job, schema, token), cancellationToken);

    public Task UploadAsync(LoadJob job, Schema schema, CancellationToken cancellationToken) =>
        inner.UploadAsync(job, schema, cancellationToken);

    public Task<long?> PublishAsync(
        TableSchema table, Schema schema, string loadId, IReadOnlyCollection<LoadJob> jobs, bool replaces,
            CancellationToken cancellationToken) => RunAsync(
        $"publish table '{table.Name}'",
        loadId,
        token => inner.PublishAsync(table, schema, loadId, jobs, replaces, token), cancellationToken);

    public Task CommitAsync(IReadOnlyList<LoadPlan> loads, CancellationToken cancellationToken) =>
        RunAsync("become complete", loads[0].LoadId, token => inner.CommitAsync(loads, token), cancellationToken);

    public Task SettleAsync(LoadPlan plan, CancellationToken cancellationToken) =>
        RunAsync("remove what it replaces", plan.LoadId, token => inner.SettleAsync(plan, token), cancellationToken);

    public ValueTask DisposeAsync() => inner.DisposeAsync();

    private Task RunAsync(string what, string? loadId, Func<CancellationToken, Task> call, CancellationToken cancellationToken) => RunAsync(
        what,
        loadId,
        async token =>
        {
            await call(token).ConfigureAwait(false);
            return true;
        },
        cancellationToken);

    private async Task<T> RunAsync<T>(string what, string? loadId, Func<CancellationToken, Task<T>> call,
        CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await call(cancellationToken).ConfigureAwait(false);
            }
            catch (Exception error) when (Failure.IsTransient(error, cancellationToken))
            {
                if (attempt == Policy.Attempts) throw Given(what, loadId, error);
                await waits.WaitAsync(Story(what, loadId, error), attempt, Policy.Attempts, Policy.Wait(attempt), cancellationToken)
                    .ConfigureAwait(false);
            }
        }
    }

    /// <summary>The error after the last attempt; what waits is said by who runs the step.</summary>
    private static DltException Given(string what, string? loadId, Exception error)
    {
        if (loadId is null && error is DltException known) return known;
        var story = string.Create(
            CultureInfo.InvariantCulture, $"{Story(what, loadId, error)}. That was the last of {Policy.Attempts} attempts.");
        return loadId is null
            ? new DltException($"{story} Nothing was changed; run again.", error) { IsTransient = true }
            : new LoadException(story, error) { LoadId = loadId, IsTransient = true };
    }

    private static string Story(string what, string? loadId, Exception error) =>
        $"{(loadId is null ? "The destination" : $"Load {loadId}")} could not {what}: {Failure.Cause(error).TrimEnd('.')}";
}
