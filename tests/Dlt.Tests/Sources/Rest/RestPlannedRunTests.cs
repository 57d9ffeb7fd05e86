using Dlt.Tests.Support;

namespace Dlt.Tests.Sources.Rest;

public sealed class RestPlannedRunTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_plan_reads_the_settings_of_the_source_as_a_run_does()
    {
        _folder.Write(
            ".dlt/secrets.toml", "[sources.api.credentials]\ntoken = \"t0ken\"\n[sources.api.a.incremental]\ninitial_value = 7\n");
        var api = new FakeApi(_ => FakeApi.Ok("""[{"id": 9}]"""));
        var incremental = new RestIncremental(new("id") { InitialValue = 1 }) { StartParam = "since" };
        var config = api.Over(
            new() { BaseUrl = "http://api.test/", Auth = new RestAuth.Bearer() },
            new RestResource("a") { Endpoint = new() { Incremental = incremental } });
        var options = new PipelineOptions { Configuration = Some.Configuration(_folder.Path), Warn = _ => { } };
        var pipeline = Pipeline.Create("pipe", Athena.Destination(Some.Account(_folder)), "ds", options);
        await pipeline.PlanAsync(RestApi.Source("api", config), 1, TestContext.Current.CancellationToken);
        var call = api.Calls[0];
        Assert.Equal(("Bearer t0ken", "/a?since=7"), (call["Authorization"], call.Url.PathAndQuery));
    }
}
