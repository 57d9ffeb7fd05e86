using System.Collections.Immutable;
using Dlt.Configuration;
using Dlt.Json;

namespace Dlt.Destinations;

/// <summary>Fields of the configuration blocks (spec/athena-destination.md 1.2 to 1.4). Synonyms are keys that the documentation page shows and dlt's code never read.</summary>
internal static class AthenaSpecs
{
    private static readonly ImmutableArray<string> ReplaceStrategies = ["truncate-and-insert", "insert-from-staging", "staging-optimized"];

    public static ConfigurationSpec Credentials { get; } = new("AwsCredentials",
    [
        new("aws_access_key_id"),
        new("aws_secret_access_key") { IsSecret = true },
        new("aws_session_token") { IsSecret = true },
        new("profile_name") { Synonyms = ["aws_profile"] },
        new("region_name"),
        new("endpoint_url"),
        new("s3_url_style"),
        new("aws_sts_token_expiration_hours", ConfigurationType.Double) { Default = JsonValue.Real(24) },
    ]);

    public static ConfigurationSpec LakeFormation { get; } = new("LakeformationConfig", [new("enabled", ConfigurationType.Bool), new("tags", ConfigurationType.Map)]);

    public static ConfigurationSpec Athena { get; } = new("AthenaClientConfiguration",
    [
        new("credentials") { Embedded = Credentials, IsSecret = true },
        new("destination_name"),
        new("environment"),
        new("replace_strategy") { Allowed = ReplaceStrategies },
        new("staging_dataset_name_layout") { Default = JsonValue.String("%s_staging") },
        new("enable_dataset_name_normalization", ConfigurationType.Bool) { Default = JsonValue.Bool(true) },
        new("info_tables_query_threshold", ConfigurationType.Integer) { Default = JsonValue.Integer(90) },
        new("truncate_tables_on_staging_destination_before_load", ConfigurationType.Bool) { Default = JsonValue.Bool(true) },
        new("query_result_bucket"),
        new("athena_work_group") { Synonyms = ["workgroup", "work_group"] },
        new("aws_data_catalog") { Default = JsonValue.String("awsdatacatalog") },
        new("staging_aws_data_catalog"),
        new("connection_params", ConfigurationType.Map) { Synonyms = ["conn_properties"] },
        new("force_iceberg", ConfigurationType.Bool),
        new("table_location_layout") { Default = JsonValue.String("{dataset_name}/{table_name}") },
        new("table_properties", ConfigurationType.Map),
        new("lakeformation_config") { Embedded = LakeFormation },
        new("db_location"),
        new("local_dir"),
    ]);

    /// <summary>What also concerns an account in process; the rest names places on AWS, and may still be a placeholder.</summary>
    public static ConfigurationSpec Local { get; } = new(
        Athena.Name, [.. Athena.Fields.Where(f => f.Name is "enable_dataset_name_normalization" or "force_iceberg" or "table_location_layout" or "table_properties")]);

    public static ConfigurationSpec Filesystem { get; } = new("FilesystemDestinationClientConfiguration",
    [
        new("bucket_url") { IsOptional = false },
        new("credentials") { Embedded = Credentials, IsSecret = true },
        new("layout") { Default = JsonValue.String("{table_name}/{load_id}.{file_id}.{ext}") },
        new("extra_placeholders", ConfigurationType.Map),
        new("current_datetime"),
        new("kwargs", ConfigurationType.Map),
        new("client_kwargs", ConfigurationType.Map),
        new("config_kwargs", ConfigurationType.Map),
        new("read_only", ConfigurationType.Bool) { Default = JsonValue.Bool(false) },
        new("max_state_files", ConfigurationType.Integer) { Default = JsonValue.Integer(100) },
        new("always_refresh_views", ConfigurationType.Bool) { Default = JsonValue.Bool(false) },
        new("staging_dataset_name_layout") { Default = JsonValue.String("%s_staging") },
        new("enable_dataset_name_normalization", ConfigurationType.Bool) { Default = JsonValue.Bool(true) },
        new("destination_name"),
        new("environment"),
    ]);
}
