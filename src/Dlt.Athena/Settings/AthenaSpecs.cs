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
    private const string NotStaged = "nothing is staged here, rows are committed by the loader itself";
    private const string Identity = "another identity, place or encryption would be used";

    private static readonly ImmutableArray<string> ReplaceStrategies = ["truncate-and-insert", "insert-from-staging", "staging-optimized"];

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
        new("s3_url_style") { Unsupported = new(
            "in dlt only DuckDB reads it; with endpoint_url the bucket is in the path of the URL, else in the host name") },
        new("aws_sts_token_expiration_hours", ConfigurationType.Double)
        { Default = JsonValue.Real(24), Unsupported = new("no session token is fetched from STS here") },
    ])
    {
        Together = ["aws_access_key_id", "aws_secret_access_key"],
        Others =
        [
            new("role_arn") { Unsupported = new(
                Identity + "; name a profile that assumes the role by profile_name", Stops.Loads | Stops.Queries | Stops.Tables) },
            new("external_id") { Unsupported = new(
                Identity + "; name a profile with external_id by profile_name", Stops.Loads | Stops.Queries | Stops.Tables) },
            new("role_session_name") { Unsupported = new(
                Identity + "; name a profile that assumes the role by profile_name", Stops.Loads | Stops.Queries | Stops.Tables) },
        ],
    };

    public static ConfigurationSpec LakeFormation { get; } = new("LakeformationConfig",
    [
        new("enabled", ConfigurationType.Bool) { Unsupported = new("tags of Lake Formation are neither set nor removed, so tables may be "
            + "open to the wrong readers", Stops.Loads) { Same = [JsonValue.Bool(false)] } },
        new("tags", ConfigurationType.Map) { Unsupported = new("tags of Lake Formation are not set") },
    ]);

    public static ConfigurationSpec Athena { get; } = new("AthenaClientConfiguration",
    [
        new("credentials") { Embedded = Credentials, IsSecret = true },
        new("destination_name") { Unsupported = new("destinations cannot be named here; the sections are [destination.athena] "
            + "and [destination.filesystem]") },
        new("environment") { Unsupported = new("it only labels the destination in dlt") },
        new("replace_strategy") { Allowed = ReplaceStrategies },
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
            Unsupported = new("options of Python's driver are not read; " + Identity, Stops.Loads | Stops.Queries)
            {
                HarmlessKeys =
                [
                    "poll_interval", "result_reuse_enable", "result_reuse_minutes", "kill_on_interrupt", "retry_config",
                    "cursor_kwargs", "cache_size", "cache_expiration_time", "max_workers", "arraysize",
                    "on_start_query_execution", "block_size", "unload", "formatter", "converter",
                ],
                HarmlessReason = "it tunes Python's driver, which does not run here",
                SameKeys = Flags(("result_reuse_enable", false), ("unload", false), ("kill_on_interrupt", true)),
            },
        },
        new("force_iceberg", ConfigurationType.Bool),
        new("table_location_layout") { Default = JsonValue.String("{dataset_name}/{table_name}") },
        new("table_properties", ConfigurationType.Map),
        new("lakeformation_config") { Embedded = LakeFormation },
        new("db_location"),
        new("local_dir"),
        new("lease", ConfigurationType.Double) { Default = JsonValue.Integer(60), Range = new(0, 86_400) },
    ])
    {
        Others =
        [
            new("destination_type") { Unsupported = new("the program names the destination") { Same = [JsonValue.String("athena")] } },
            new("naming_convention") { Unsupported = new("set 'naming' in [schema], or in the section of the source") },
            new("max_identifier_length", ConfigurationType.Integer)
            { Unsupported = new("names have at most 255 characters") { Same = [JsonValue.Integer(255)] } },
            new("dataset_name") { Unsupported = new("the program names the dataset, or [pipelines.<name>] does") },
        ],
    };

    /// <summary>The sections that the settings of the destination belong to.</summary>
    public static IReadOnlyList<SettingHome> Homes =>
        [.. SettingHome.Of("destination.athena", Athena), .. SettingHome.Of("destination.filesystem", Filesystem)];

    /// <summary>
    /// Fields that also apply to an in-process account: the layout of tables, and fields that stop a load. The other fields name places on
    /// AWS and may still be placeholders.
    /// </summary>
    public static ConfigurationSpec Local { get; } = OnLocalAccount(
        Athena,
        "replace_strategy", "enable_dataset_name_normalization", "force_iceberg", "staging_dataset_name_layout", "table_location_layout",
        "table_properties", "lakeformation_config", "lease");

    public static ConfigurationSpec Filesystem { get; } = new("FilesystemDestinationClientConfiguration",
    [
        new("bucket_url") { IsOptional = false },
        new("credentials") { Embedded = Credentials, IsSecret = true },
        new("layout") { Default = JsonValue.String("{table_name}/{load_id}.{file_id}.{ext}") },
        new("extra_placeholders", ConfigurationType.Map),
        new("current_datetime", ConfigurationType.Timestamp),
        new("kwargs", ConfigurationType.Map)
        {
            Unsupported = new(
                "options of Python's s3fs are not read, so objects would be written without that encryption, access list or login",
                Stops.Loads | Stops.Tables)
            {
                HarmlessKeys =
                [
                    "default_block_size", "default_fill_cache", "default_cache_type", "max_concurrency",
                    "use_listings_cache", "listings_expiry_time", "max_paths", "skip_instance_cache", "cache_regions", "version_aware",
                    "fixed_upload_size", "asynchronous", "auto_mkdir",
                ],
                HarmlessReason = "it tunes Python's s3fs, which does not run here",
                SameKeys = Flags(
                    ("use_ssl", true), ("anon", false), ("requester_pays", false), ("use_listings_cache", false), ("version_aware", false),
                    ("asynchronous", false), ("auto_mkdir", false), ("skip_instance_cache", true)),
            },
        },
        new("client_kwargs", ConfigurationType.Map)
        {
            Unsupported = new("options of Python's boto are not read, so another place or login would be used", Stops.Loads | Stops.Tables)
            {
                HarmlessKeys = ["verify", "config", "use_ssl", "api_version"],
                HarmlessReason = "it is an option of Python's boto; here endpoint_url says whether connections are encrypted, and "
                    + "certificates are always verified",
                SameKeys = Flags(("verify", true), ("use_ssl", true)),
            },
        },
        new("config_kwargs", ConfigurationType.Map) { Unsupported = new("options of Python's botocore are not read; the AWS SDK for .NET "
            + "has its own time-outs, retries and proxies") },
        new("read_only", ConfigurationType.Bool)
        { Default = JsonValue.Bool(false), Unsupported = new("a load writes", Stops.Loads) { StopsLocally = true } },
        new("max_state_files", ConfigurationType.Integer)
        { Default = JsonValue.Integer(100), Unsupported = new("with Athena, state files are not cleaned up, neither here nor in dlt") },
        new("always_refresh_views", ConfigurationType.Bool)
        { Default = JsonValue.Bool(false), Unsupported = new("there are no views here") },
        new("staging_dataset_name_layout") { Default = JsonValue.String("%s_staging"), Unsupported = new(NotStaged) },
        new("enable_dataset_name_normalization", ConfigurationType.Bool)
        {
            Default = JsonValue.Bool(true), Unsupported = new("the same setting of [destination.athena] decides, so that files and tables "
                + "have one dataset"),
        },
        new("destination_name") { Unsupported = new("destinations cannot be named here; the sections are [destination.athena] "
            + "and [destination.filesystem]") },
        new("environment") { Unsupported = new("it only labels the destination in dlt") },
    ])
    {
        Others =
        [
            new("destination_type") { Unsupported = new("the program names the destination") { Same = [JsonValue.String("filesystem")] } },
            new("dataset_name") { Unsupported = new("the program names the dataset, or [pipelines.<name>] does") },
            new("as_staging_destination", ConfigurationType.Bool)
            { Unsupported = new("files always belong to tables here") { Same = [JsonValue.Bool(true)] } },
            .. FieldsWithoutAthena.Select(name => new ConfigurationField(name, ConfigurationType.Any)
            { Unsupported = new("it applies only to datasets of files without Athena") }),
        ],
    };

    /// <summary>Fields that also apply to an in-process account: the names of files, and fields that stop a load.</summary>
    public static ConfigurationSpec LocalFiles { get; } = OnLocalAccount(Filesystem, "layout", "extra_placeholders", "current_datetime");

    private static ConfigurationSpec OnLocalAccount(ConfigurationSpec spec, params string[] read) => new(spec.Name,
    [
        .. spec.Fields.Where(f => read.Contains(f.Name) || f.Unsupported is { Stops: not Stops.None }),
        new("credentials") { Embedded = Credentials with { Together = [], MayBePlaceholder = true }, IsSecret = true },
    ]);

    private static ImmutableDictionary<string, bool> Flags(params (string Key, bool Value)[] flags) =>
        flags.ToImmutableDictionary(f => f.Key, f => f.Value);
}
