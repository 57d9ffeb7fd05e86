using Dlt.Configuration;
using Dlt.Tests.Support;

namespace Dlt.Tests.Pipelines;

public sealed class SettingsTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("NORMALIZE__DATA_WRITER__FILE_MAX_ITEMS")]
    [InlineData("DATA_WRITER__FILE_MAX_ITEMS")]
    public async Task Files_end_at_the_rows_that_the_settings_say(string variable)
    {
        var account = await LoadAsync((variable, "10000"), ("DATA_WRITER__ROW_GROUP_SIZE", "5000"));
        Assert.InRange(Directory.GetFiles(Path.Combine(account.Folder, "s3", "lake", "ds", "items")).Length, 2, 10);
        Assert.Equal("100000", await Some.ValueAsync(account, "SELECT count(*) FROM items"));
    }

    [Theory]
    [InlineData("sequential")]
    [InlineData("table-sequential")]
    [InlineData("parallel")]
    public async Task Every_strategy_loads_everything(string strategy)
    {
        var account = await LoadAsync(("LOAD__PARALLELISM_STRATEGY", strategy), ("DATA_WRITER__FILE_MAX_ITEMS", "10000"), ("DATA_WRITER__ROW_GROUP_SIZE", "5000"));
        Assert.Equal("100000", await Some.ValueAsync(account, "SELECT count(*) FROM items"));
    }

    [Theory]
    [InlineData("LOAD__PARALLELISM_STRATEGY", "nope", "parallel, table-sequential, sequential")]
    [InlineData("LOAD__WORKERS", "many", "workers")]
    [InlineData("DATA_WRITER__COMPRESSION", "lzma", "zstd")]
    [InlineData("DATA_WRITER__COMPRESSION", "brotli", "zstd")]
    [InlineData("NORMALIZE__PARQUET_NORMALIZER__ADD_DLT_ID", "perhaps", "add_dlt_id")]
    public async Task A_value_that_is_not_possible_names_the_setting(string variable, string value, string what)
    {
        var account = Some.Account(_folder);
        Directory.CreateDirectory(account.Folder);
        var error = await Assert.ThrowsAsync<ConfigurationException>(() => LoadAsync((variable, value)));
        Assert.Contains(what, error.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(account.Folder, "*.items", SearchOption.AllDirectories));   // as it says, nothing was run
    }

    [Fact]
    public async Task A_catalog_of_S3_tables_is_refused_before_anything_is_run()
    {
        (string, string)[] settings =
        [
            ("DESTINATION__FILESYSTEM__BUCKET_URL", "s3://bucket/data"), ("DESTINATION__ATHENA__QUERY_RESULT_BUCKET", "s3://bucket/results"), ("DESTINATION__ATHENA__AWS_DATA_CATALOG", "s3tablescatalog/b"),
            ("DESTINATION__FILESYSTEM__CREDENTIALS__REGION_NAME", "eu-west-1"), ("DESTINATION__ATHENA__CREDENTIALS__REGION_NAME", "eu-west-1"),
        ];
        var pipeline = Pipeline.Create("pipe", Athena.Destination(), "ds", new() { Configuration = Some.Configuration(_folder.Path, settings), PipelinesFolder = _folder.File("pipelines"), Warn = _ => { } });
        var error = await Assert.ThrowsAsync<ConfigurationException>(() => pipeline.RunAsync(Some.Resource("items", """{"a":1}"""), Cancellation));
        Assert.Contains("'s3tablescatalog/b'", error.Message, StringComparison.Ordinal);
        Assert.Equal(["aws_data_catalog"], error.Fields);
    }

    [Fact]
    public async Task In_dev_mode_every_pipeline_starts_anew_in_a_dataset_of_its_own()
    {
        var account = Some.Account(_folder);
        var time = new SteppingTime(new(2024, 5, 6, 17, 8, 9, TimeSpan.Zero));
        var warnings = new List<string>();
        async Task<string> RunAsync(string devMode)
        {
            var configuration = Some.Configuration(account.Folder, ("PIPELINES__PIPE__DEV_MODE", devMode));
            var pipeline = Pipeline.Create("pipe", Athena.Destination(account), "ds", new() { Configuration = configuration, Time = time, Warn = warnings.Add });
            await pipeline.RunAsync(Resource.Create("items", (context, _) => Counted(context)), Cancellation);
            time.Now += TimeSpan.FromSeconds(1);
            return pipeline.DatasetName;
        }

        Assert.Equal("ds_20240506170809", await RunAsync("true"));
        Assert.Equal("ds_20240506170810", await RunAsync("true"));
        Assert.Equal("ds", await RunAsync("false"));
        Assert.Contains(warnings, w => w.Contains("dev_mode", StringComparison.Ordinal));
        foreach (var dataset in new[] { "ds_20240506170809", "ds_20240506170810", "ds" })
            Assert.Equal("1", await Some.ValueAsync(account, "SELECT max(run) FROM items", dataset));   // no state of the run before
    }

    [Fact]
    public async Task A_new_schema_has_the_naming_that_the_settings_of_its_source_say()
    {
        var account = Some.Account(_folder);
        var configuration = Some.Configuration(account.Folder, ("SOURCES__SHOP__SCHEMA__NAMING", "sql_cs_v1"));
        var items = Resource.Create("Items", [new { BigName = 1 }]);
        await Pipeline.Create("pipe", Athena.Destination(account), "ds", new() { Configuration = configuration, Warn = _ => { } }).RunAsync(new Source("shop", [items]), Cancellation);
        var schema = Directory.GetFiles(account.Folder, "shop.schema.json", SearchOption.AllDirectories).Single();
        Assert.Contains("\"BigName\"", await File.ReadAllTextAsync(schema, Cancellation), StringComparison.Ordinal);
    }

    private static async IAsyncEnumerable<object?> Counted(ResourceContext context)
    {
        await Task.Yield();
        var run = (context.State["run"]?.AsInt64() ?? 0) + 1;
        context.State["run"] = Dlt.Json.JsonValue.Integer(run);
        yield return new { run };
    }

    private sealed class SteppingTime(DateTimeOffset now) : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = now;

        public override DateTimeOffset GetUtcNow() => Now;
    }

    private async Task<LocalAthena> LoadAsync(params (string Name, string Value)[] settings)
    {
        var account = Some.Account(_folder);
        await Pipeline.Create("pipe", Athena.Destination(account), "ds", new() { Configuration = Some.Configuration(account.Folder, settings), Warn = _ => { } })
            .RunAsync(Resource.Create("items", Enumerable.Range(0, 100_000).Select(i => new { i })), Cancellation);
        return account;
    }
}
