using Dlt.Tests.Support;

namespace Dlt.Tests.Sources.Rest;

/// <summary>Runs REST sources into a local account.</summary>
internal sealed class RestRuns : IDisposable
{
    private readonly TempFolder _folder = new();

    public RestRuns() => Account = Some.Account(_folder);

    public LocalAthena Account { get; }

    /// <summary>Messages to the user.</summary>
    public List<string> Warnings { get; } = [];

    /// <summary>Clock of the runs. Its waits end at once.</summary>
    public RecordingClock Clock { get; } = new();

    public async Task<LoadInfo> RunAsync(RestApiConfig config, Func<Source, Source>? change = null)
    {
        var source = RestApi.Source("api", config);
        return await Pipeline().RunAsync(change is null ? source : change(source), TestContext.Current.CancellationToken);
    }

    /// <summary>Plans a source, with settings from variables.</summary>
    public Task<RunPlan> PlanAsync(RestApiConfig config, params (string Name, string Value)[] variables) =>
        Pipeline(variables).PlanAsync(RestApi.Source("api", config), cancellationToken: TestContext.Current.CancellationToken);

    /// <summary>Runs a source that fails, and returns the message of its error.</summary>
    public async Task<string> FailAsync(RestApiConfig config) =>
        (await Assert.ThrowsAnyAsync<DltException>(() => RunAsync(config))).Message;

    /// <summary>Returns the values of a column, in the order of the rows.</summary>
    public async Task<string> ValuesAsync(string table, string column = "id", string order = "1") =>
        string.Join(' ', (await Some.QueryAsync(Account, $"SELECT {column} FROM {table} ORDER BY {order}")).Rows.Select(r => r[0]));

    public void Dispose() => _folder.Dispose();

    private Pipeline Pipeline(params (string Name, string Value)[] variables) =>
        Dlt.Pipeline.Create("pipe", Athena.Destination(Account), "ds", new()
        {
            Configuration = Some.Configuration(Account.Folder, variables),
            Warn = text =>
            {
                lock (Warnings) Warnings.Add(text);
            },
            Time = Clock,
        });
}
