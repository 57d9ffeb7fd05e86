using Dlt.Tests.Support;

namespace Dlt.Tests.Pipelines.Load;

public sealed class RefreshTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Theory, Scenario("T-74"), Scenario("T-91")]
    [InlineData(RefreshMode.DropResources, "a text", true)]
    [InlineData(RefreshMode.DropSources, "a text", false)]
    [InlineData(RefreshMode.DropData, "a bigint, a__v_text text", true)]
    public async Task Tables_begin_from_nothing(RefreshMode mode, string columns, bool keepsOtherResources)
    {
        var account = Some.Account(_folder);
        await RunAsync(
            account, null, Resource.Create("t", [new { a = (object)1, l = new[] { 1, 2 } }]), Resource.Create("u", [new { b = 1 }]));
        await RunAsync(account, mode, Resource.Create("t", [new { a = (object)"x", l = new[] { 3, 4 } }]));
        var table = (await account.Glue.GetTableAsync("ds", "t", Cancellation))!;
        var own = table.Columns.Where(c => !c.Name.StartsWith("_dlt", StringComparison.Ordinal));
        Assert.Equal(columns, string.Join(", ", own.Select(c => $"{c.Name} {(c.Type == "string" ? "text" : c.Type)}")));
        Assert.Equal("1", await Some.ValueAsync(account, "SELECT count(*) FROM t"));
        Assert.Equal("2", await Some.ValueAsync(account, "SELECT count(*) FROM t__l"));
        if (keepsOtherResources) Assert.Equal("1", await Some.ValueAsync(account, "SELECT count(*) FROM u"));
        else Assert.Null(await account.Glue.GetTableAsync("ds", "u", Cancellation));
        Assert.Equal("2", await Some.ValueAsync(account, "SELECT count(*) FROM _dlt_loads"));
        var versions = await Some.ValueAsync(account, "SELECT count(*) FROM _dlt_version");
        Assert.Equal(mode == RefreshMode.DropData ? "2" : "1", versions);
    }

    [Fact]
    public async Task A_run_that_fails_leaves_the_old_tables()
    {
        var account = Some.Account(_folder);
        await RunAsync(account, null, Resource.Create("t", [new { a = 1 }]));
        await Assert.ThrowsAsync<DltException>(() => RunAsync(account, RefreshMode.DropSources, Resource.Create("t", Broken())));
        Assert.Equal("1", await Some.ValueAsync(account, "SELECT count(*) FROM t"));
        await RunAsync(account, null, Resource.Create("t", [new { a = 2 }]));
        Assert.Equal("2", await Some.ValueAsync(account, "SELECT count(*) FROM t"));
    }

    [Fact]
    public async Task The_configuration_of_the_pipeline_can_ask_for_it()
    {
        var account = Some.Account(_folder);
        await RunAsync(account, null, Resource.Create("t", [new { a = 1 }]));
        var pipeline = Pipeline.Create("pipe", Athena.Destination(account), "ds",
            new() { Configuration = Some.Configuration(account.Folder, ("PIPELINES__PIPE__REFRESH", "drop_data")) });
        await pipeline.RunAsync(Resource.Create("t", [new { a = 5 }]), Cancellation);
        Assert.Equal("5", await Some.ValueAsync(account, "SELECT sum(a) FROM t"));
        var error = Assert.ThrowsAny<DltException>(() => Pipeline.Create(
            "pipe", Athena.Destination(account), "ds", new() { Configuration = Some.Configuration(account.Folder, ("REFRESH", "all")) }));
        Assert.Contains("allowed are drop_sources, drop_resources, drop_data", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_first_run_of_a_source_has_nothing_to_drop()
    {
        var account = Some.Account(_folder);
        await RunAsync(account, RefreshMode.DropSources, Resource.Create("t", [new { a = 1 }]));
        Assert.Equal("1", await Some.ValueAsync(account, "SELECT count(*) FROM t"));
    }

    private static IEnumerable<object> Broken()
    {
        yield return new { a = 5 };
        throw new InvalidOperationException("no more");
    }

    private static Task<LoadInfo> RunAsync(LocalAthena account, RefreshMode? refresh, params Resource[] resources) =>
        Some.Pipeline(account, refresh: refresh).RunAsync(resources, Cancellation);
}
