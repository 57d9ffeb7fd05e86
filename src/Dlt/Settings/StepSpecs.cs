using Dlt.Configuration;

namespace Dlt.Settings;

/// <summary>
/// Settings of the steps, under dlt's names (docs/spec/pipeline.md 7.3, 7.4, 11). The fields of a record have an effect; its other settings
/// state what happens instead.
/// </summary>
internal static class StepSpecs
{
    private const string Threads = "steps run on threads of one process";
    private const string PageIndex = "files always have page indexes";
    /// <summary>Range of times in seconds, up to a day.</summary>
    private static readonly ConfigurationRange Seconds = new(0, 86_400);

    private const string PythonWriter = "it is an option of Python's writer of Parquet files";

    public static ConfigurationSpec ParquetNormalizer { get; } = new("ParquetNormalizerConfiguration",
    [
        new("add_dlt_load_id", ConfigurationType.Bool) { Default = JsonValue.Bool(false) },
        new("add_dlt_id", ConfigurationType.Bool) { Default = JsonValue.Bool(false) },
    ]);

    /// <summary>Settings of the section <c>normalize</c>.</summary>
    public static ConfigurationSpec Normalize { get; } = new("NormalizeConfiguration",
        [new("workers", ConfigurationType.Integer) { Range = ConfigurationRange.Count },
        new("parquet_normalizer") { Embedded = ParquetNormalizer }])
    {
        Others =
        [
            Other("pool_type", Threads),
            Other("start_method", Threads),
            Other("run_sleep", Threads),
            Other("model_normalizer", "there are no jobs of SQL models here"),
            Other("json_normalizer", "rows of JSON always have _dlt_id and _dlt_load_id") with
            { Unsupported = new("rows of JSON always have _dlt_id and _dlt_load_id")
            { SameWhenTrue = ["add_dlt_id", "add_dlt_load_id"] } },
            Other("loader_file_format", "files are Parquet") with
            { Unsupported = new("files are Parquet") { Same = [JsonValue.String("parquet")] } },
            new("data_writer", ConfigurationType.Any),
        ],
    };

    /// <summary>Settings of the section <c>extract</c>.</summary>
    public static ConfigurationSpec Extract { get; } = new("ExtractConfiguration",
    [
        new("workers", ConfigurationType.Integer) { Default = JsonValue.Integer(5), Range = ConfigurationRange.Count },
        new("max_parallel_items", ConfigurationType.Integer) { Default = JsonValue.Integer(20), Range = ConfigurationRange.Count },
    ])
    {
        Others =
        [
            Other("futures_poll_interval", "nothing is polled"),
            Other("next_item_mode", "resources run side by side"),
            Other("copy_on_fork", Threads),
            Other("data_writer", "items wait on disk as they came; [normalize.data_writer] bounds the files"),
        ],
    };

    /// <summary>Settings of the section <c>runtime</c> for requests to APIs (docs/spec/pipeline.md 11.5). Times are seconds.</summary>
    public static ConfigurationSpec Runtime { get; } = new("RuntimeConfiguration",
    [
        new("request_timeout", ConfigurationType.Double) { Default = JsonValue.Integer(60), Range = Seconds with { IsAboveMin = true } },
        new("request_max_attempts", ConfigurationType.Integer) { Default = JsonValue.Integer(5), Range = ConfigurationRange.Count },
        new("request_backoff_factor", ConfigurationType.Double) { Default = JsonValue.Integer(1), Range = Seconds },
        new("request_max_retry_delay", ConfigurationType.Double) { Default = JsonValue.Integer(300), Range = Seconds },
        new("http_show_error_body", ConfigurationType.Bool) { Default = JsonValue.Bool(false) },
        new("http_max_error_body_length", ConfigurationType.Integer)
        { Default = JsonValue.Integer(8192), Range = ConfigurationRange.NotNegative },
    ])
    {
        Section = "runtime",
        Others =
        [
            Other("slack_incoming_hook", "nobody is notified"),
            Other("sentry_dsn", "nobody is notified"),
            Other("dlthub_dsn", "nobody is notified"),
            Other("dlthub_telemetry_endpoint", "nothing is sent to anybody"),
            Other("dlthub_telemetry_segment_write_key", "nothing is sent to anybody"),
            Other("dlthub_telemetry", "nothing is sent to anybody") with
            { Type = ConfigurationType.Bool, Unsupported = new("nothing is sent to anybody") { Same = [JsonValue.Bool(false)] } },
            Other("config_files_storage_path", "files are found where the settings are"),
            Other("intercept_signals", "the program decides on signals"),
            Other("pluggable_run_context", "there are no plugins"),
            Other("run_id", "runs have no id of their own"),
            Other("pipeline_name", "the program names the pipeline"),
        ],
    };

    /// <summary>Settings of the log, in the section <c>runtime</c>. A pipeline reads them when it is made.</summary>
    public static ConfigurationSpec Log { get; } = new("LogConfiguration",
        [new("log_level") { Allowed = ["CRITICAL", "ERROR", "WARNING", "INFO", "DEBUG"] }, new("log_format")])
    {
        Section = "runtime",
    };

    /// <summary>Settings of the section <c>schema</c>, also below <c>sources.&lt;schema&gt;</c>: defaults of a new schema.</summary>
    public static ConfigurationSpec Schema { get; } = new("SchemaConfiguration",
    [
        new("naming") { Allowed = NamingConvention.Names, AlsoAllowed = NamingConvention.IsKnown },
        new("json_normalizer", ConfigurationType.Map),
        new("allow_identifier_change_on_table_with_data", ConfigurationType.Bool),
        new("use_break_path_on_normalize", ConfigurationType.Bool),
    ])
    { Section = "schema" };

    /// <summary>Settings of the sections <c>pipelines.&lt;name&gt;</c> and <c>pipelines</c>.</summary>
    public static ConfigurationSpec Pipeline { get; } = new("PipelineConfiguration",
    [
        new("dataset_name"),
        new("destination_name"),
        new("import_schema_path"),
        new("export_schema_path"),
        new("restore_from_destination", ConfigurationType.Bool) { Default = JsonValue.Bool(true) },
        new("use_single_dataset", ConfigurationType.Bool) { Default = JsonValue.Bool(true) },
        new("dev_mode", ConfigurationType.Bool) { Default = JsonValue.Bool(false), Synonyms = ["full_refresh"] },
        new("refresh") { Allowed = RefreshSetting.All, AlsoAllowed = text => text.Length == 0 },
        new("enable_runtime_trace", ConfigurationType.Bool) { Default = JsonValue.Bool(true) },
        new("wait_for_lease", ConfigurationType.Bool) { Default = JsonValue.Bool(false) },
    ])
    {
        Others =
        [
            Other("dataset_name_layout", "the dataset keeps the name that the program or dataset_name gives it"),
            Other("pipeline_name", "the program names the pipeline"),
            Other("pipelines_dir", "DLT_DATA_DIR and the program choose the folder"),
            Other("destination_type", "the program names the destination"),
            Other("staging_type", "files go to the bucket of [destination.filesystem]"),
            Other("staging_name", "files go to the bucket of [destination.filesystem]"),
            Other("pipeline_salt", "nothing is salted"),
            Other("progress", "the program chooses the display"),
            Other("runtime", "use the section [runtime]"),
            Other("default_schema_name", "the program names the schema"),
        ],
    };

    /// <summary>Settings of the section <c>load</c>.</summary>
    public static ConfigurationSpec Load { get; } = new("LoaderConfiguration",
    [
        new("workers", ConfigurationType.Integer) { Default = JsonValue.Integer(20), Range = ConfigurationRange.Count },
        new("raise_on_max_retries", ConfigurationType.Integer) { Default = JsonValue.Integer(5), Range = ConfigurationRange.NotNegative },
        new("parallelism_strategy") { Allowed = ["parallel", "table-sequential", "sequential"] },
        new("delete_completed_jobs", ConfigurationType.Bool) { Default = JsonValue.Bool(false) },
    ])
    {
        Others =
        [
            Other("raise_on_failed_jobs", "a job that fails always ends the run") with
            { Type = ConfigurationType.Bool, Unsupported = new("a job that fails always ends the run") { Same = [JsonValue.Bool(true)] } },
            Switch("auto_abort_on_terminal_error", "a package that failed stays pending until abort-packages removes it"),
            Switch("truncate_staging_dataset", "nothing is staged"),
            Switch("start_new_jobs_on_signal", "a run that is ended starts no job"),
            Other("pool_type", Threads),
            Other("start_method", Threads),
            Other("run_sleep", Threads),
        ],
    };

    /// <summary>Settings of the sections <c>normalize.data_writer</c> and <c>data_writer</c>.</summary>
    public static ConfigurationSpec DataWriter { get; } = new("BufferedDataWriterConfiguration",
    [
        new("file_max_items", ConfigurationType.Integer) { Range = ConfigurationRange.NotNegative },
        new("file_max_bytes", ConfigurationType.Integer) { Range = ConfigurationRange.NotNegative },
    ])
    {
        Section = "data_writer",
        Others = [Other("buffer_max_items", "row_group_size bounds what waits in memory"),
            Switch("disable_compression", "it concerns text files; set compression to 'none' for Parquet")],
    };

    /// <summary>
    /// Settings of the same sections for Parquet files. dlt's default compression is snappy; <c>delta_encodings</c> exists only here.
    /// </summary>
    public static ConfigurationSpec Parquet { get; } = new("ParquetDataWriterConfiguration",
    [
        new("compression") { Allowed = ["none", "snappy", "gzip", "brotli", "lz4", "zstd", "uncompressed"],
            Default = JsonValue.String("zstd") },
        new("row_group_size", ConfigurationType.Integer) { Range = ConfigurationRange.Count },
        new("data_page_size", ConfigurationType.Integer) { Range = ConfigurationRange.Count },
        new("delta_encodings", ConfigurationType.Bool) { Default = JsonValue.Bool(false) },
    ])
    {
        Section = "data_writer",
        Others =
        [
            Other("flavor", PythonWriter),
            Other("version", PythonWriter),
            Other("timestamp_timezone", PythonWriter),
            Other("coerce_timestamps", "the precision of a column decides, as Athena reads it"),
            Switch("allow_truncated_timestamps", PythonWriter),
            Other("use_compliant_nested_type", PythonWriter),
            Other("write_page_index", PageIndex) with
            { Type = ConfigurationType.Bool, Unsupported = new(PageIndex) { Same = [JsonValue.Bool(true)] } },
            Switch("use_content_defined_chunking", PythonWriter),
            Other("supports_dictionary_encoding", PythonWriter),
            Other("arrow_concat_promote_options", PythonWriter),
        ],
    };

    private static IReadOnlyList<SettingHome> Homes =>
    [
        .. SettingHome.Of("extract", Extract), .. SettingHome.Of("normalize", Normalize), .. SettingHome.Of("load", Load),
        .. SettingHome.Of("runtime", Runtime), .. SettingHome.Of("runtime", Log),
        new("normalize.data_writer", DataWriter), new("normalize.data_writer", Parquet), new("schema", Schema), new("pipelines", Pipeline),
    ];

    /// <summary>Resolves the settings of a record for a pipeline.</summary>
    /// <param name="spec">The record of settings.</param>
    /// <param name="configuration">Configuration to read from.</param>
    /// <param name="pipeline">Name of the pipeline; its own settings take precedence.</param>
    /// <param name="warn">Receives a warning for each setting without effect.</param>
    /// <param name="sections">Sections of the record.</param>
    /// <exception cref="ConfigurationException">A value is of the wrong type, or not allowed.</exception>
    public static JsonValue Resolve(
        ConfigurationSpec spec, DltConfiguration configuration, string pipeline, Action<string> warn, params string[] sections)
    {
        var resolved = new ConfigurationResolver(configuration, sections, pipeline).Resolve(spec);
        var unsupported = new UnsupportedSettings(configuration, sections, pipeline).Check(spec, resolved);
        foreach (var warning in resolved.Warnings.Concat(unsupported.Warnings)) warn(warning);
        return resolved.Values;
    }

    /// <summary>Returns warnings about setting names that no step has.</summary>
    public static IReadOnlyList<string> Unknown(DltConfiguration configuration, string pipeline)
    {
        var unknown = new UnknownSettings(configuration, pipeline) { Homes = Homes }
            .Check(["extract"], [Extract])
            .Check(["normalize"], [Normalize])
            .Check(["normalize", "data_writer"], [DataWriter, Parquet])
            .Check(["data_writer"], [DataWriter, Parquet])
            .Check(["load"], [Load], hasOthers: true)
            .Check(["runtime"], [Runtime, Log])
            .Check(["schema"], [Schema])
            .Check(["pipelines"], [Pipeline], hasOthers: true)
            .Check(["pipelines", pipeline], [Pipeline], hasOthers: true)
            .CheckTables([], ["extract", "normalize", "data_writer", "load", "runtime", "schema", "pipelines", "sources", "destination"]);
        foreach (var toml in configuration.Providers.OfType<TomlProvider>())
        {
            if (toml.Document["sources"] is not { Kind: JsonKind.Object } sources) continue;
            foreach (var (source, _) in sources.Members) unknown.Check(["sources", source, "schema"], [Schema]);
        }

        return [.. unknown.Warnings.Distinct()];
    }

    private static ConfigurationField Other(string name, string instead) => new(name, ConfigurationType.Any) { Unsupported = new(instead) };

    /// <summary>Makes a setting without effect that is off by default; off is not warned about.</summary>
    private static ConfigurationField Switch(string name, string instead) =>
        new(name, ConfigurationType.Bool) { Unsupported = new(instead) { Same = [JsonValue.Bool(false)] } };
}
