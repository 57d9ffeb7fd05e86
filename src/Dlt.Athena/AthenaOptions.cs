using System.Collections.Immutable;
using Dlt.Aws;
using Dlt.Destinations.Settings;

namespace Dlt;

/// <summary>
/// Settings of the Athena destination that a program gives. A member that is set wins over the configuration; null leaves the setting
/// to the configuration. Values are checked as those of the configuration are (docs/configuration.md, "Destination").
/// </summary>
public sealed record AthenaOptions
{
    /// <summary>Bucket, or folder in it, for data and metadata: <c>s3://lake/raw</c> (<c>bucket_url</c>).</summary>
    public string? BucketUrl { get; init; }

    /// <summary>Key of a file of an external table: <c>{table_name}/{load_id}.{file_id}.{ext}</c> (<c>layout</c>).</summary>
    public string? Layout { get; init; }

    /// <summary>
    /// Further placeholders of the layout (<c>extra_placeholders</c>). A function must return the same text whenever it gets the same file,
    /// also in another run: an upload that is repeated must overwrite its first attempt.
    /// </summary>
    public ImmutableDictionary<string, Func<LayoutFile, string>> ExtraPlaceholders { get; init; } =
        ImmutableDictionary<string, Func<LayoutFile, string>>.Empty;

    /// <summary>Time that the placeholders of the layout show; null for that of the package (<c>current_datetime</c>).</summary>
    public DateTimeOffset? CurrentTime { get; init; }

    /// <summary>True to refuse loads; queries and the restore of state go on (<c>read_only</c>).</summary>
    public bool? IsReadOnly { get; init; }

    /// <summary>Login for Glue, Athena and Lake Formation, in place of the whole block of the configuration.</summary>
    public AwsCredentialOptions? Credentials { get; init; }

    /// <summary>Login for S3, in place of the whole block of the configuration.</summary>
    public AwsCredentialOptions? StorageCredentials { get; init; }

    /// <summary>Folder for results of queries: <c>s3://results/etl</c> (<c>query_result_bucket</c>).</summary>
    public string? QueryResultBucket { get; init; }

    /// <summary>Workgroup of queries (<c>athena_work_group</c>).</summary>
    public string? WorkGroup { get; init; }

    /// <summary>US dollars for a terabyte that queries scan; null for the known price of the region (<c>price_per_terabyte</c>).</summary>
    public decimal? PricePerTerabyte { get; init; }

    /// <summary>Data catalog of queries and tables (<c>aws_data_catalog</c>).</summary>
    public string? Catalog { get; init; }

    /// <summary>True: tables that declare no format are Iceberg tables (<c>force_iceberg</c>).</summary>
    public bool? ForceIceberg { get; init; }

    /// <summary>Folder of an Iceberg table below the bucket (<c>table_location_layout</c>).</summary>
    public string? TableLocationLayout { get; init; }

    /// <summary>Properties of new Iceberg tables; null for those of the configuration (<c>table_properties</c>).</summary>
    public ImmutableDictionary<string, string>? TableProperties { get; init; }

    /// <summary>Location of a new Glue database (<c>db_location</c>).</summary>
    public string? DatabaseLocation { get; init; }

    /// <summary><c>truncate-and-insert</c> or <c>insert-from-staging</c> (<c>replace_strategy</c>).</summary>
    public string? ReplaceStrategy { get; init; }

    /// <summary>
    /// How the rows of an external table are replaced: <c>delete-after</c>, <c>truncate-and-insert</c> or <c>swap-location</c>
    /// (<c>hive_replace</c>).
    /// </summary>
    public string? HiveReplace { get; init; }

    /// <summary><c>glue</c> or <c>athena</c>: who makes, changes and drops databases and tables (<c>ddl</c>).</summary>
    public string? Ddl { get; init; }

    /// <summary><c>native</c> or <c>athena</c>: who merges rows into Iceberg tables (<c>merge_engine</c>).</summary>
    public string? MergeEngine { get; init; }

    /// <summary>
    /// Where the partitions of new external tables are listed: <c>projection</c>, computed by Athena, or <c>glue</c>
    /// (<c>hive_partitions</c>).
    /// </summary>
    public string? HivePartitions { get; init; }

    /// <summary>
    /// <c>off</c>, <c>compact</c> or <c>compact-and-expire</c>: what a load does with the Iceberg tables that it changed, after it is
    /// complete (<c>maintenance</c>).
    /// </summary>
    public string? Maintenance { get; init; }

    /// <summary>Name of the staging dataset, with <c>%s</c> for that of the dataset (<c>staging_dataset_name_layout</c>).</summary>
    public string? StagingDatasetNameLayout { get; init; }

    /// <summary>False: the dataset keeps its name unchanged (<c>enable_dataset_name_normalization</c>).</summary>
    public bool? NormalizeDatasetName { get; init; }

    /// <summary>Naming convention of new schemas that name none (<c>naming_convention</c>).</summary>
    public string? NamingConvention { get; init; }

    /// <summary>Characters of the longest name, 20 to 255 (<c>max_identifier_length</c>).</summary>
    public int? MaxIdentifierLength { get; init; }

    /// <summary>
    /// How long a run that stopped renewing its lease keeps other runs of the pipeline out: 1 second to 1 day, or zero for no lease
    /// (<c>lease</c>).
    /// </summary>
    public TimeSpan? Lease { get; init; }

    /// <summary>State rows of the pipeline that stay in the dataset; zero or less for all (<c>max_state_files</c>).</summary>
    public int? MaxStateFiles { get; init; }

    /// <summary>
    /// Stored versions of a schema that stay in the dataset, 1 or more; versions that a kept state needs stay too
    /// (<c>max_version_rows</c>).
    /// </summary>
    public int? MaxVersionRows { get; init; }

    /// <summary>Encryption, access and payment of objects, in place of the maps of the section (<c>kwargs</c>).</summary>
    public S3Options? Storage { get; init; }

    /// <summary>How queries run, in place of the map of the section (<c>connection_params</c>).</summary>
    public QueryOptions? Queries { get; init; }

    /// <summary>
    /// LF-tags of the databases: one value by key, given to a database that does not have them; empty to take all tags; null for the
    /// configuration (<c>lakeformation_config</c>).
    /// </summary>
    public ImmutableDictionary<string, string>? LakeFormationTags { get; init; }

    /// <summary>The tags as the settings have them; null for those of the configuration.</summary>
    internal DatabaseTagSettings? Tags() => LakeFormationTags is not { } tags
        ? null
        : new(!tags.IsEmpty, tags.ToImmutableSortedDictionary(t => t.Key.ToLowerInvariant(), t => t.Value));

    /// <summary>True when any member is set, so the configuration need not have a section.</summary>
    internal bool IsAny => this != new AthenaOptions();

    /// <summary>The settings of the section <c>athena</c> by their names.</summary>
    internal JsonValue ToAthena() => Given(
        ("query_result_bucket", Text(QueryResultBucket)),
        ("athena_work_group", Text(WorkGroup)),
        ("price_per_terabyte", PricePerTerabyte is { } price ? JsonValue.Real((double)price) : null),
        ("aws_data_catalog", Text(Catalog)),
        ("force_iceberg", Bool(ForceIceberg)),
        ("table_location_layout", Text(TableLocationLayout)),
        ("table_properties", Map(TableProperties)),
        ("db_location", Text(DatabaseLocation)),
        ("replace_strategy", Text(ReplaceStrategy)),
        ("hive_replace", Text(HiveReplace)),
        ("ddl", Text(Ddl)),
        ("merge_engine", Text(MergeEngine)),
        ("maintenance", Text(Maintenance)),
        ("hive_partitions", Text(HivePartitions)),
        ("staging_dataset_name_layout", Text(StagingDatasetNameLayout)),
        ("enable_dataset_name_normalization", Bool(NormalizeDatasetName)),
        ("naming_convention", Text(NamingConvention)),
        ("max_identifier_length", Integer(MaxIdentifierLength)),
        ("max_version_rows", Integer(MaxVersionRows)),
        ("lease", Lease is { } lease ? JsonValue.Real(lease.TotalSeconds) : null));

    /// <summary>The settings of the section <c>filesystem</c> by their names.</summary>
    internal JsonValue ToFilesystem() => Given(
        ("bucket_url", Text(BucketUrl)),
        ("layout", Text(Layout)),
        ("current_datetime", CurrentTime is { } time ? JsonValue.String(time.ToString("o")) : null),
        ("read_only", Bool(IsReadOnly)),
        ("max_state_files", Integer(MaxStateFiles)));

    private static JsonValue Given(params (string Name, JsonValue? Value)[] members) =>
        JsonValue.Object([.. members.Where(m => m.Value is not null).Select(m => (m.Name, m.Value!))]);

    private static JsonValue? Text(string? text) => text is null ? null : JsonValue.String(text);

    private static JsonValue? Integer(int? number) => number is { } value ? JsonValue.Integer(value) : null;

    private static JsonValue? Bool(bool? flag) => flag is { } value ? JsonValue.Bool(value) : null;

    private static JsonValue? Map(ImmutableDictionary<string, string>? map) =>
        map is null ? null : JsonValue.Object([.. map.Select(m => (m.Key, JsonValue.String(m.Value)))]);
}
