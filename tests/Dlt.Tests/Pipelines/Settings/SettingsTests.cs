using Dlt.Configuration;
using Dlt.Tests.Support;

namespace Dlt.Tests.Pipelines.Settings;

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
        var account = await LoadAsync(
            ("LOAD__PARALLELISM_STRATEGY", strategy), ("DATA_WRITER__FILE_MAX_ITEMS", "10000"), ("DATA_WRITER__ROW_GROUP_SIZE", "5000"));
        Assert.Equal("100000", await Some.ValueAsync(account, "SELECT count(*) FROM items"));
    }

    [Theory]
    [InlineData("LOAD__PARALLELISM_STRATEGY", "nope", "parallel, table-sequential, sequential")]
    [InlineData("LOAD__WORKERS", "many", "workers")]
    [InlineData("DATA_WRITER__COMPRESSION", "lzma", "zstd")]
    [InlineData("DATA_WRITER__COMPRESSION", "brotli", "zstd")]
    [InlineData("NORMALIZE__PARQUET_NORMALIZER__ADD_DLT_ID", "perhaps", "add_dlt_id")]
    public async Task An_impossible_value_is_an_error_that_names_the_setting(string variable, string value, string what)
    {
        var account = Some.Account(_folder);
        Directory.CreateDirectory(account.Folder);
        var error = await Assert.ThrowsAsync<ConfigurationException>(() => LoadAsync((variable, value)));
        Assert.Contains(what, error.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(account.Folder, "*.items", SearchOption.AllDirectories));   // the message says that nothing was run
    }

    [Theory]
    [InlineData("DATA_WRITER__FILE_MAX_ITEMS", "-1", "data_writer.file_max_items", "0 or more")]
    [InlineData("DATA_WRITER__FILE_MAX_BYTES", "-1", "data_writer.file_max_bytes", "0 or more")]
    [InlineData("NORMALIZE__DATA_WRITER__ROW_GROUP_SIZE", "0", "normalize.data_writer.row_group_size", "1 to 2147483647")]
    [InlineData("DATA_WRITER__DATA_PAGE_SIZE", "0", "data_writer.data_page_size", "1 to 2147483647")]
    [InlineData("NORMALIZE__WORKERS", "0", "normalize.workers", "1 to 2147483647")]
    [InlineData("EXTRACT__WORKERS", "0", "extract.workers", "1 to 2147483647")]
    [InlineData("EXTRACT__MAX_PARALLEL_ITEMS", "-3", "extract.max_parallel_items", "1 to 2147483647")]
    [InlineData("LOAD__WORKERS", "9999999999", "load.workers", "1 to 2147483647")]
    [InlineData("PIPE__LOAD__WORKERS", "0", "pipe.load.workers", "1 to 2147483647")]
    [InlineData("LOAD__RAISE_ON_MAX_RETRIES", "-1", "load.raise_on_max_retries", "0 or more")]
    [InlineData("RUNTIME__REQUEST_TIMEOUT", "0", "runtime.request_timeout", "more than 0, 86400 at most")]
    [InlineData("RUNTIME__REQUEST_TIMEOUT", "1e300", "runtime.request_timeout", "more than 0, 86400 at most")]
    [InlineData("RUNTIME__REQUEST_MAX_ATTEMPTS", "0", "runtime.request_max_attempts", "1 to 2147483647")]
    [InlineData("RUNTIME__REQUEST_BACKOFF_FACTOR", "-0.5", "runtime.request_backoff_factor", "0 to 86400")]
    [InlineData("PIPELINES__REFRESH", "all", "pipelines.refresh", "drop_sources, drop_resources, drop_data")]
    [InlineData("SCHEMA__NAMING", "snakecase", "schema.naming", "snake_case, duck_case, direct, sql_cs_v1, sql_ci_v1, s3_tables")]
    [InlineData("SOURCES__PIPE__SCHEMA__NAMING", "snakecase", "sources.pipe.schema.naming",
        "snake_case, duck_case, direct, sql_cs_v1, sql_ci_v1, s3_tables")]
    public async Task A_value_out_of_its_range_is_refused_with_its_name_place_and_range(
        string variable, string value, string field, string range)
    {
        var account = Some.Account(_folder);
        // The schema exists already.
        await Some.Pipeline(account, warnings: []).RunAsync(Some.Resource("items", """{"id":1}"""), Cancellation);
        var error = await Assert.ThrowsAsync<ConfigurationException>(() => LoadAsync((variable, value)));
        Assert.StartsWith(
            $"'{field}' is '{value}' in Environment Variables ({variable}); allowed ", error.Message, StringComparison.Ordinal);
        Assert.Contains($" {range}. Nothing was run.", error.Message, StringComparison.Ordinal);
        Assert.Equal([field.Split('.')[^1]], error.Fields);
        Assert.Equal("1", await Some.ValueAsync(account, "SELECT count(*) FROM items"));
    }

    [Fact]
    public async Task A_local_account_that_is_read_only_is_queried_and_not_loaded()
    {
        var account = await LoadAsync();
        var error = await Assert.ThrowsAsync<ConfigurationException>(() => LoadAsync(("DESTINATION__FILESYSTEM__READ_ONLY", "true")));
        Assert.Equal(["read_only"], error.Fields);
        Assert.Contains("Nothing was extracted", error.Message, StringComparison.Ordinal);
        Assert.Equal("100000", await Some.ValueAsync(account, "SELECT count(*) FROM items"));
    }

    [Fact]
    public async Task A_catalog_of_S3_tables_is_refused_before_anything_is_run()
    {
        (string, string)[] settings =
        [
            ("DESTINATION__FILESYSTEM__BUCKET_URL", "s3://bucket/data"),
            ("DESTINATION__ATHENA__QUERY_RESULT_BUCKET", "s3://bucket/results"),
            ("DESTINATION__ATHENA__AWS_DATA_CATALOG", "s3tablescatalog/b"),
            ("DESTINATION__FILESYSTEM__CREDENTIALS__REGION_NAME", "eu-west-1"),
            ("DESTINATION__ATHENA__CREDENTIALS__REGION_NAME", "eu-west-1"),
        ];
        var pipeline = Pipeline.Create("pipe", Athena.Destination(), "ds",
            new()
            {
                Configuration = Some.Configuration(_folder.Path, settings),
                PipelinesFolder = _folder.File("pipelines"),
                Warn = _ => { }
            });
        var items = Some.Resource("items", """{"a":1}""");
        var error = await Assert.ThrowsAsync<ConfigurationException>(() => pipeline.RunAsync(items, Cancellation));
        Assert.Contains("'s3tablescatalog/b'", error.Message, StringComparison.Ordinal);
        Assert.Equal(["aws_data_catalog"], error.Fields);
    }

    [Fact]
    public async Task In_dev_mode_every_pipeline_begins_in_a_dataset_of_its_own()
    {
        var account = Some.Account(_folder);
        var time = new SteppingTime(new(2024, 5, 6, 17, 8, 9, TimeSpan.Zero));
        var warnings = new List<string>();
        async Task<string> RunAsync(string devMode)
        {
            var configuration = Some.Configuration(account.Folder, ("PIPELINES__PIPE__DEV_MODE", devMode));
            var pipeline = Pipeline.Create(
                "pipe", Athena.Destination(account), "ds", new() { Configuration = configuration, Time = time, Warn = warnings.Add });
            await pipeline.RunAsync(Resource.Create("items", (context, _) => Counted(context)), Cancellation);
            time.Now += TimeSpan.FromSeconds(1);
            return pipeline.DatasetName;
        }

        Assert.Equal("ds_20240506170809", await RunAsync("true"));
        Assert.Equal("ds_20240506170810", await RunAsync("true"));
        Assert.Equal("ds", await RunAsync("false"));
        Assert.Contains(warnings, w => w.Contains("dev_mode", StringComparison.Ordinal));
        foreach (var dataset in new[] { "ds_20240506170809", "ds_20240506170810", "ds" })
            // The state of the earlier run is not used.
            Assert.Equal("1", await Some.ValueAsync(account, "SELECT max(run) FROM items", dataset));
    }

    [Fact]
    public async Task A_new_schema_has_the_naming_that_the_settings_of_its_source_say()
    {
        var account = Some.Account(_folder);
        var configuration = Some.Configuration(account.Folder, ("SOURCES__SHOP__SCHEMA__NAMING", "sql_cs_v1"));
        var items = Resource.Create("Items", [new { BigName = 1 }]);
        await Pipeline.Create("pipe", Athena.Destination(account), "ds", new() { Configuration = configuration, Warn = _ => { } })
            .RunAsync(new Source("shop", [items]), Cancellation);
        var schema = Directory.GetFiles(account.Folder, "shop.schema.json", SearchOption.AllDirectories).Single();
        Assert.Contains("\"BigName\"", await File.ReadAllTextAsync(schema, Cancellation), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(
        "DESTINATION__FILESYSTEM__KWARGS",
        """{"ServerSideEncryption":"aws:kms"}""",
        "destination.filesystem.kwargs.ServerSideEncryption")]
    [InlineData(
        "DESTINATION__ATHENA__CONNECTION_PARAMS",
        """{"kms_key":"HUSH"}""",
        "destination.athena.connection_params.encryption_option")]
    public async Task A_load_stops_at_a_setting_that_it_cannot_obey(string variable, string value, string field)
    {
        (string, string)[] settings =
        [
            ("DESTINATION__FILESYSTEM__BUCKET_URL", "s3://bucket/data"),
            ("DESTINATION__FILESYSTEM__CREDENTIALS__REGION_NAME", "eu-west-1"),
            ("DESTINATION__ATHENA__CREDENTIALS__REGION_NAME", "eu-west-1"), (variable, value),
        ];
        var pipeline = Pipeline.Create("pipe", Athena.Destination(), "ds",
            new()
            {
                Configuration = Some.Configuration(_folder.Path, settings),
                PipelinesFolder = _folder.File("pipelines"),
                Warn = _ => { }
            });
        var items = Some.Resource("items", """{"a":1}""");
        var error = await Assert.ThrowsAsync<ConfigurationException>(() => pipeline.RunAsync(items, Cancellation));
        Assert.Equal([field], error.Fields);
        Assert.Contains("othing was ", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("HUSH", error.ToString(), StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder.File("pipelines")));
    }

    [Theory, Scenario("T-52")]
    [InlineData("insert-from-staging", null, false)]
    [InlineData("staging-optimized", null, false)]
    [InlineData("truncate-and-insert", null, true)]
    [InlineData("truncate-and-insert", "iceberg", false)]
    [InlineData("staging-optimized", "iceberg", false)]
    [InlineData("insert-from-staging", "iceberg", true)]
    public async Task A_replace_strategy_that_a_table_does_not_know_stops_its_load(string strategy, string? format, bool isKnown)
    {
        var account = Some.Account(_folder);
        var configuration = Some.Configuration(account.Folder, ("DESTINATION__ATHENA__REPLACE_STRATEGY", strategy));
        Task<LoadInfo> RunAsync(WriteDisposition disposition, string pipeline)
        {
            var hints = new ResourceHints { TableFormat = Some.Format(format), WriteDisposition = disposition };
            var options = new PipelineOptions { Configuration = configuration, Warn = _ => { } };
            return Pipeline.Create(pipeline, Athena.Destination(account), "ds", options)
                .RunAsync(Some.Resource("items", hints, """{"a":1}"""), Cancellation);
        }

        await RunAsync(WriteDisposition.Append, "appends");   // an append ignores the replace strategy
        if (isKnown)
        {
            await RunAsync(WriteDisposition.Replace, "replaces");
            Assert.Equal("1", await Some.ValueAsync(account, "SELECT count(*) FROM items"));
            return;
        }

        var error = await Assert.ThrowsAnyAsync<DltException>(() => RunAsync(WriteDisposition.Replace, "replaces"));
        Assert.Contains($"replace_strategy is '{strategy}', but 'items'", error.Message, StringComparison.Ordinal);
        Assert.Equal("1", await Some.ValueAsync(account, "SELECT count(*) FROM items"));
    }

    [Theory]
    [InlineData("[load]\nworkrs = 3", "'load.workrs'", "'workers'")]
    [InlineData("[extract]\nworkrs = 3", "'extract.workrs'", "'workers'")]
    [InlineData("[normalize]\nwrkers = 3", "'normalize.wrkers'", "'workers'")]
    [InlineData("[normalize.data_writer]\ncompresion = \"snappy\"", "'normalize.data_writer.compresion'", "'compression'")]
    [InlineData("[data_writer]\nfile_max_item = 3", "'data_writer.file_max_item'", "'file_max_items'")]
    [InlineData("[normalize.parquet_normalizer]\nadd_dlt_ids = true", "'normalize.parquet_normalizer.add_dlt_ids'", "'add_dlt_id'")]
    [InlineData("[runtime]\nrequest_timout = 3", "'runtime.request_timout'", "'request_timeout'")]
    [InlineData("[schema]\nnamng = \"direct\"", "'schema.namng'", "'naming'")]
    [InlineData("[sources.shop.schema]\nnamng = \"direct\"", "'sources.shop.schema.namng'", "'naming'")]
    [InlineData("[pipelines.pipe]\ndatset_name = \"x\"", "'pipelines.pipe.datset_name'", "'dataset_name'")]
    [InlineData("[pipe.load]\nworkrs = 3", "'pipe.load.workrs'", "'workers'")]
    [InlineData("[normalise]\nworkers = 3", "'normalise' is not a section", "'normalize'")]
    [InlineData("[destination.filesystem]\nlayuot = \"x\"", "'destination.filesystem.layuot'", "'layout'")]
    [InlineData("[load]\nraise_on_failed_jobs = false", "'load.raise_on_failed_jobs'",
        "has no effect: a job that fails always ends the run")]
    [InlineData("[data_writer]\nversion = \"2.6\"", "'data_writer.version'", "has no effect")]
    [InlineData("[normalize]\nloader_file_format = \"jsonl\"", "'normalize.loader_file_format'", "has no effect")]
    [InlineData("[pipelines.pipe]\ndataset_name_layout = \"prod_%s\"", "'pipelines.pipe.dataset_name_layout'", "has no effect")]
    public async Task A_setting_without_effect_gives_one_warning_for_all_runs(string toml, string name, string what)
    {
        var account = Some.Account(_folder);
        Directory.CreateDirectory(account.Folder);
        _folder.Write("account/.dlt/config.toml", toml);
        var warnings = new List<string>();
        var pipeline = Some.Pipeline(account, warnings: warnings);
        await pipeline.RunAsync(Some.Resource("items", """{"id":1}"""), Cancellation);
        await pipeline.RunAsync(Some.Resource("items", """{"id":2}"""), Cancellation);
        Assert.Contains(name, Assert.Single(warnings), StringComparison.Ordinal);
        Assert.Contains(what, warnings[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unknown_variable_gives_the_same_warning_as_a_line_of_a_file()
    {
        var account = Some.Account(_folder);
        var variables = new Dictionary<string, string>
        {
            ["LOAD__WORKRS"] = "HUSH",
            ["DESTINATION__ATHENA__FORCE_ICEBREG"] = "true",
            ["LOAD__WORKERS"] = "3",
            ["PATH"] = "x",
            ["SOURCES__SHOP__API_KEY"] = "HUSH"
        };
        var configuration = DltConfiguration.Load(
            new RunContext(_folder.Path, _folder.File("global"), name => variables.GetValueOrDefault(name))
            { EnvironmentNames = variables.Keys });
        var warnings = new List<string>();
        var options = new PipelineOptions { Configuration = configuration, Warn = warnings.Add };
        await Pipeline.Create("pipe", Athena.Destination(account), "ds", options)
            .RunAsync(Some.Resource("items", """{"id":1}"""), Cancellation);
        Assert.Equal(2, warnings.Count);
        Assert.Contains(warnings, w => w.Contains("'LOAD__WORKRS'", StringComparison.Ordinal)
            && w.Contains("'workers'", StringComparison.Ordinal));
        Assert.Contains(warnings, w => w.Contains("'DESTINATION__ATHENA__FORCE_ICEBREG'", StringComparison.Ordinal));
        Assert.DoesNotContain(warnings, w => w.Contains("HUSH", StringComparison.Ordinal));
    }

    [Fact, Scenario("T-19")]
    public async Task Files_of_a_layout_with_its_own_placeholders_and_clock_are_read_back()
    {
        var account = Some.Account(_folder);
        _folder.Write("account/.dlt/config.toml", """
            [destination.filesystem]
            layout = "{table_name}/{team}/{YYYY}/{load_id}.{file_id}.{ext}"
            extra_placeholders = { team = "blue" }
            current_datetime = 2001-02-03T04:05:06Z
            """);
        await Some.Pipeline(account).RunAsync(Some.Resource("items", """{"id":1}"""), Cancellation);
        Assert.NotEmpty(Directory.GetFiles(Path.Combine(account.Folder, "s3", "lake", "ds", "items", "blue", "2001"), "*.parquet"));
        Assert.Equal("1", await Some.ValueAsync(account, "SELECT count(*) FROM items"));
    }

    private static async IAsyncEnumerable<object?> Counted(ResourceContext context)
    {
        await Task.Yield();
        var run = (context.State["run"]?.AsInt64() ?? 0) + 1;
        context.State["run"] = Dlt.JsonValue.Integer(run);
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
        await Pipeline.Create("pipe", Athena.Destination(account), "ds",
            new() { Configuration = Some.Configuration(account.Folder, settings), Warn = _ => { } })
            .RunAsync(Resource.Create("items", Enumerable.Range(0, 100_000).Select(i => new { i })), Cancellation);
        return account;
    }
}
