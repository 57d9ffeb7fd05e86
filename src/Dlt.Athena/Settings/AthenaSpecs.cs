using System.Collections.Immutable;
using Dlt.Configuration;

namespace Dlt.Destinations.Settings;

/// <summary>
/// Fields of the configuration blocks (docs/spec/athena-destination.md 1.2 to 1.4). Synonyms are keys that dlt's documentation page shows
/// and dlt's code never reads. A field without effect here has an <see cref="UnsupportedSetting"/>, which stops the operation where
/// ignoring the field would do harm.
/// </summary>
internal static class AthenaSpecs
{
    private const string NamedElsewhere = "the name of the section is the name of the destination, and destination_name in [pipelines], "
        + "DESTINATION_NAME or the program chooses it";

    private const string NotStaged = "nothing is staged here, rows are committed by the loader itself";

    private static readonly ImmutableArray<string> ReplaceStrategies = ["truncate-and-insert", "insert-from-staging", "staging-optimized"];

    /// <summary>Capabilities that dlt lets users override, and whose values follow from Athena here.</summary>
    private static readonly ImmutableArray<string> Capabilities =
    [
        "max_column_identifier_length", "max_text_data_type_length", "max_table_nesting", "decimal_precision", "wei_precision",
        "timestamp_precision", "supported_loader_file_formats", "preferred_loader_file_format", "preferred_table_format",
        "loader_parallelism_strategy", "supported_merge_strategies", "supported_replace_strategies", "has_case_sensitive_identifiers",
        "casefold_identifier", "recommended_file_size",
    ];

    private static readonly ImmutableArray<string> FieldsWithoutAthena =
    [
        "deltalake_storage_options", "deltalake_configuration", "deltalake_streamed_exec", "iceberg_table_properties",
        "iceberg_namespace_properties", "iceberg_use_catalog_purge", "replace_strategy", "info_tables_query_threshold",
        "warn_unsafe_layout_separators",
    ];

    public static ConfigurationSpec Credentials { get; } = new("AwsCredentials",
    [
        new("aws_access_key_id"),
        new("aws_secret_access_key") { IsSecret = true },
        new("aws_session_token") { IsSecret = true },
        new("profile_name") { Synonyms = ["aws_profile"] },
        new("region_name"),
        new("endpoint_url"),
        new("use_fips_endpoint", ConfigurationType.Bool),
        new("use_dualstack_endpoint", ConfigurationType.Bool),
        new("s3_url_style") { Unsupported = new(
            "in dlt only DuckDB reads it; with endpoint_url the bucket is in the path of the URL, else in the host name") },
        new("aws_sts_token_expiration_hours", ConfigurationType.Double)
        { Default = JsonValue.Real(24), Unsupported = new("no session token is fetched from STS here") },
        new("role_arn"),
        new("external_id"),
        new("role_session_name"),
    ])
    {
        Together = ["aws_access_key_id", "aws_secret_access_key"],
    };

    public static ConfigurationSpec LakeFormation { get; } = new("LakeformationConfig",
    [
        new("enabled", ConfigurationType.Bool) { StopsWhereMisplaced = Stops.Loads },
        new("tags", ConfigurationType.Map),
    ]);

    public static ConfigurationSpec Athena { get; } = new("AthenaClientConfiguration",
    [
        new("credentials") { Embedded = Credentials, IsSecret = true },
        new("destination_name") { Unsupported = new(NamedElsewhere) { IsOwnSectionOnly = true } },
        new("environment") { Unsupported = new("it only labels the destination in dlt") },
        new("replace_strategy") { Allowed = ReplaceStrategies },
        new("hive_replace") { Default = JsonValue.String(HiveReplace.DeleteAfter), Allowed = HiveReplace.All },
        new("hive_partitions") { Default = JsonValue.String(HivePartitions.Projection), Allowed = HivePartitions.All },
        new("staging_dataset_name_layout") { Default = JsonValue.String(AthenaSettings.DefaultStagingDatasetNameLayout) },
        new("enable_dataset_name_normalization", ConfigurationType.Bool) { Default = JsonValue.Bool(true) },
        new("info_tables_query_threshold", ConfigurationType.Integer)
        { Default = JsonValue.Integer(90), Unsupported = new("columns are read from Glue, without a query") },
        new("truncate_tables_on_staging_destination_before_load", ConfigurationType.Bool)
        { Default = JsonValue.Bool(true), Unsupported = new(NotStaged) },
        new("query_result_bucket"),
        new("athena_work_group") { Synonyms = ["workgroup", "work_group"] },
        new("aws_data_catalog") { Default = JsonValue.String("awsdatacatalog") },
        new("staging_aws_data_catalog") { Unsupported = new(NotStaged) },
        new("connection_params", ConfigurationType.Map)
        {
            Synonyms = ["conn_properties"],
            Unsupported = new("it is an option of Python's driver; logins, places and names have settings of their own",
                Stops.Loads | Stops.Queries)
            {
                SupportedKeys = QuerySettings.Supported,
                HarmlessKeys =
                [
                    "duration_seconds", "kill_on_interrupt", "retry_config", "cursor_kwargs", "cache_size", "cache_expiration_time",
                    "max_workers", "arraysize", "on_start_query_execution", "block_size", "unload", "formatter", "converter",
                ],
                HarmlessReason = "it tunes Python's driver, which does not run here",
                SameWhenTrue = ["kill_on_interrupt"],
                SameWhenFalse = ["unload"],
            },
        },
        new("force_iceberg", ConfigurationType.Bool),
        new("table_location_layout") { Default = JsonValue.String("{dataset_name}/{table_name}") },
        new("table_properties", ConfigurationType.Map),
        new("lakeformation_config") { Embedded = LakeFormation },
        new("db_location"),
        new("naming_convention") { Allowed = NamingConvention.Names, AlsoAllowed = NamingConvention.IsKnown },
        new("max_identifier_length", ConfigurationType.Integer)
        {
            Default = JsonValue.Integer(AthenaCapabilities.LongestName),
            Range = new(AthenaCapabilities.ShortestLimit, AthenaCapabilities.LongestName),
        },
        new("ddl") { Default = JsonValue.String(DdlService.Glue), Allowed = DdlService.All },
        new("merge_engine") { Default = JsonValue.String(MergeEngine.Native), Allowed = MergeEngine.All },
        new("maintenance") { Default = JsonValue.String(UpkeepAfterLoad.Off), Allowed = UpkeepAfterLoad.All },
        new("price_per_terabyte", ConfigurationType.Double) { Range = new(0, 10_000) },
        new("local_dir"),
        new("lease", ConfigurationType.Double) { Default = JsonValue.Integer(60), Range = new(0, 86_400) },
        new("max_version_rows", ConfigurationType.Integer) { Range = new(1, int.MaxValue) },
    ])
    {
        Others =
        [
            new("destination_type") { Unsupported = new("the program names the destination") { Same = TypeNames("athena") } },
            .. Capabilities.Select(name => new ConfigurationField(name, ConfigurationType.Any)
            { Unsupported = new("Athena and the formats of its tables decide it") }),
            new("dataset_name") { Unsupported = new("the program names the dataset, or [pipelines.<name>] does") },
        ],
    };

    /// <summary>The fields of a named destination, whose section may hold that of its bucket.</summary>
    public static ConfigurationSpec Named =>
        Athena with { Fields = Athena.Fields.Add(new("filesystem") { Embedded = Filesystem }) };

    /// <summary>The sections that the settings of a destination belong to.</summary>
    public static IReadOnlyList<SettingHome> HomesOf(DestinationBlocks blocks) =>
        [.. SettingHome.Of(blocks.AthenaSection, Athena), .. SettingHome.Of("destination.filesystem", Filesystem)];

    /// <summary>
    /// Fields that also apply to an in-process account: the layout of tables, and fields that stop a load. The other fields name places on
    /// AWS and may still be placeholders.
    /// </summary>
    public static ConfigurationSpec Local { get; } = OnLocalAccount(
        Athena,
        "replace_strategy", "hive_replace", "hive_partitions", "ddl", "merge_engine", "enable_dataset_name_normalization", "force_iceberg",
        "staging_dataset_name_layout",
        "table_location_layout", "table_properties", "lakeformation_config", "lease", "naming_convention",
        "maintenance", "max_identifier_length", "max_version_rows");

    /// <summary>The fields that change what the destination can do.</summary>
    public static ConfigurationSpec OfCapabilities { get; } = new(
        Athena.Name, [.. Athena.Fields.Where(f => f.Name is "force_iceberg" or "naming_convention" or "max_identifier_length")]);

    public static ConfigurationSpec Filesystem { get; } = new("FilesystemDestinationClientConfiguration",
    [
        new("bucket_url") { IsOptional = false },
        new("credentials") { Embedded = Credentials, IsSecret = true },
        new("layout") { Default = JsonValue.String("{table_name}/{load_id}.{file_id}.{ext}") },
        new("extra_placeholders", ConfigurationType.Map),
        new("current_datetime", ConfigurationType.Timestamp),
        new("kwargs", ConfigurationType.Map)
        {
            StopsWhereMisplaced = Stops.Loads | Stops.Tables,
            Unsupported = new("it is an option of Python's s3fs; a login has settings of its own, and attributes of objects belong into "
                + "s3_additional_kwargs", Stops.Loads | Stops.Tables)
            {
                SupportedKeys = StorageSettings.OfFiles,
                HarmlessKeys =
                [
                    "default_block_size", "default_fill_cache", "default_cache_type", "max_concurrency",
                    "use_listings_cache", "listings_expiry_time", "max_paths", "skip_instance_cache", "cache_regions", "version_aware",
                    "fixed_upload_size", "asynchronous", "auto_mkdir",
                ],
                HarmlessReason = "it tunes Python's s3fs, which does not run here",
                SameWhenTrue = ["use_ssl", "skip_instance_cache"],
                SameWhenFalse = ["anon", "use_listings_cache", "version_aware", "asynchronous", "auto_mkdir"],
            },
        },
        new("client_kwargs", ConfigurationType.Map)
        {
            Unsupported = new("it is an option of Python's boto; a login has settings of its own", Stops.Loads | Stops.Tables)
            {
                SupportedKeys = StorageSettings.OfClient,
                HarmlessKeys = ["config", "use_ssl", "api_version"],
                HarmlessReason = "it is an option of Python's boto; here endpoint_url says whether connections are encrypted",
                SameWhenTrue = ["use_ssl"],
            },
        },
        new("config_kwargs", ConfigurationType.Map)
        {
            Unsupported = new("it is an option of Python's botocore; proxies come from HTTPS_PROXY, and a login has settings of its own",
                Stops.Loads | Stops.Tables)
            {
                SupportedKeys = StorageSettings.OfConfig,
                HarmlessKeys =
                [
                    "tcp_keepalive", "parameter_validation", "user_agent", "user_agent_extra", "inject_host_prefix", "defaults_mode",
                    "request_min_compression_size_bytes", "disable_request_compression", "sigv4a_signing_region_set",
                ],
                HarmlessReason = "it tunes Python's botocore, which does not run here",
            },
        },
        new("read_only", ConfigurationType.Bool)
        { Default = JsonValue.Bool(false), StopsWhereMisplaced = Stops.Loads, StopsLocally = true },
        new("max_state_files", ConfigurationType.Integer)
        { Default = JsonValue.Integer(AthenaSettings.DefaultMaxStateFiles), Range = new(int.MinValue, int.MaxValue) },
        new("always_refresh_views", ConfigurationType.Bool)
        { Default = JsonValue.Bool(false), Unsupported = new("there are no views here") },
        new("staging_dataset_name_layout") { Default = JsonValue.String(AthenaSettings.DefaultStagingDatasetNameLayout) },
        new("enable_dataset_name_normalization", ConfigurationType.Bool)
        {
            Default = JsonValue.Bool(true), Unsupported = new("the same setting of [destination.athena] decides, so that files and tables "
                + "have one dataset"),
        },
        new("destination_name") { Unsupported = new(NamedElsewhere) { IsOwnSectionOnly = true } },
        new("environment") { Unsupported = new("it only labels the destination in dlt") },
    ])
    {
        Others =
        [
            new("destination_type") { Unsupported = new("the program names the destination") { Same = TypeNames("filesystem") } },
            new("dataset_name") { Unsupported = new("the program names the dataset, or [pipelines.<name>] does") },
            new("as_staging_destination", ConfigurationType.Bool)
            { Unsupported = new("files always belong to tables here") { Same = [JsonValue.Bool(true)] } },
            .. FieldsWithoutAthena.Select(name => new ConfigurationField(name, ConfigurationType.Any)
            { Unsupported = new("it applies only to datasets of files without Athena") }),
        ],
    };

    /// <summary>Fields that also apply to an in-process account: the names of files, and fields that stop a load.</summary>
    public static ConfigurationSpec LocalFiles { get; } = OnLocalAccount(
        Filesystem, "layout", "extra_placeholders", "current_datetime", "read_only", "staging_dataset_name_layout", "max_state_files");

    private static ConfigurationSpec OnLocalAccount(ConfigurationSpec spec, params string[] read) => new(spec.Name,
    [
        .. spec.Fields.Where(f => read.Contains(f.Name) || f.Unsupported is { Stops: not Stops.None }),
        new("credentials") { Embedded = Credentials with { Together = [], MayBePlaceholder = true }, IsSecret = true },
    ]);

    /// <summary>The short and the full name of a type of destinations; dlt writes the full one into states.</summary>
    private static ImmutableArray<JsonValue> TypeNames(string type) =>
        [JsonValue.String(type), JsonValue.String("dlt.destinations." + type)];
}
