using Dlt.Aws;
using Dlt.Configuration;
using Dlt.Internal;
using Dlt.Storage;

namespace Dlt.Destinations.Settings;

/// <summary>
/// The settings of the destination, from the blocks <c>athena</c> and <c>filesystem</c> (docs/spec/athena-destination.md 1.2, 1.4).
/// </summary>
internal sealed record AthenaSettings
{
    public required string BucketUrl { get; init; }

    public string? QueryResultBucket { get; init; }

    public string? WorkGroup { get; init; }

    public string Catalog { get; init; } = "awsdatacatalog";

    public string? DatabaseLocation { get; init; }

    public FileLayout Layout { get; init; } = new(FileLayout.Default);

    public AwsCredentialOptions AthenaCredentials { get; init; } = new() { Origin = CredentialsBlock.OfCode };

    public AwsCredentialOptions FilesystemCredentials { get; init; } = new() { Origin = CredentialsBlock.OfCode };

    public bool NormalizeDatasetName { get; init; } = true;

    /// <summary>True when tables that name no format are Iceberg tables.</summary>
    public bool ForceIceberg { get; init; }

    /// <summary>
    /// Name of the staging dataset, with <c>%s</c> in place of the dataset's name. It holds an empty state table for Python dlt.
    /// </summary>
    public string StagingDatasetNameLayout { get; init; } = DefaultStagingDatasetNameLayout;

    /// <summary>Folder of an Iceberg table, relative to the bucket, with placeholders.</summary>
    public string TableLocationLayout { get; init; } = DefaultTableLocationLayout;

    /// <summary>Properties of new Iceberg tables.</summary>
    public IReadOnlyDictionary<string, string> TableProperties { get; init; } = new Dictionary<string, string>();

    /// <summary>How rows are replaced (docs/spec/athena-destination.md 1.2); null to let the table's format decide.</summary>
    public string? ReplaceStrategy { get; init; }

    /// <summary>Time without a renewal after which a run counts as dead, and another machine may take over; zero for no lease.</summary>
    public TimeSpan Lease { get; init; } = DefaultLease;

    /// <summary>Settings that are not supported and would do harm if ignored.</summary>
    public RefusedSettings Refused { get; init; } = RefusedSettings.None;

    private static readonly string[] AthenaSections = ["destination", "athena"];

    private static readonly string[] FilesystemSections = ["destination", "filesystem"];

    private const string S3Tables = "s3tablescatalog/";

    internal static readonly TimeSpan DefaultLease = TimeSpan.FromSeconds(60);

    internal const string DefaultTableLocationLayout = "{dataset_name}/{table_name}";
    internal const string DefaultStagingDatasetNameLayout = "%s_staging";

    /// <summary>The options of the AWS clients.</summary>
    public AwsAccountOptions ToAccountOptions() => new()
    {
        Credentials = AthenaCredentials,
        StorageCredentials = FilesystemCredentials,
        BucketUrl = BucketUrl,
        QueryResultBucket = QueryResultBucket,
        WorkGroup = WorkGroup,
        Catalog = Catalog,
    };

    /// <summary>Reads and checks the settings.</summary>
    /// <exception cref="ConfigurationException">A field is missing, malformed, or still a placeholder.</exception>
    public static AthenaSettings Resolve(DltConfiguration configuration, string? pipeline, Action<string> warn, bool isLocal)
    {
        if (isLocal) return ResolveLocal(configuration, pipeline, warn);
        var problems = new SettingProblems(configuration);
        ResolvedConfiguration Resolved(string[] sections, ConfigurationSpec spec) =>
            new ConfigurationResolver(configuration, sections, pipeline) { Problems = problems }.Resolve(spec);
        var files = Resolved(FilesystemSections, AthenaSpecs.Filesystem);
        var athena = Resolved(AthenaSections, AthenaSpecs.Athena);
        var unknown = Unknown(configuration, pipeline);
        problems.Check(unknown.Warnings);
        var unsupportedFiles = new UnsupportedSettings(configuration, FilesystemSections, pipeline).Check(AthenaSpecs.Filesystem, files);
        var unsupported = new UnsupportedSettings(configuration, AthenaSections, pipeline).Check(AthenaSpecs.Athena, athena);
        var warnings = files.Warnings.Concat(athena.Warnings).Concat(unknown.Warnings).Concat(unsupportedFiles.Warnings)
            .Concat(unsupported.Warnings);
        foreach (var warning in warnings) warn(warning);
        return new()
        {
            BucketUrl = CheckBucketUrl(files.Text("bucket_url")!),
            Layout = LayoutSettings.Read(files, warn),
            FilesystemCredentials = AwsCredentialSettings.From(configuration, "destination.filesystem", files),
            QueryResultBucket = athena.Text("query_result_bucket"),
            WorkGroup = athena.Text("athena_work_group"),
            Catalog = CheckCatalog(athena.Text("aws_data_catalog")!),
            DatabaseLocation = athena.Text("db_location"),
            ForceIceberg = athena.Bool("force_iceberg") ?? false,
            StagingDatasetNameLayout = athena.Text("staging_dataset_name_layout") ?? DefaultStagingDatasetNameLayout,
            TableLocationLayout = athena.Text("table_location_layout")!,
            TableProperties = Texts(athena.Values["table_properties"]),
            NormalizeDatasetName = athena.Bool("enable_dataset_name_normalization") ?? true,
            ReplaceStrategy = athena.Text("replace_strategy"),
            Lease = LeaseOf(athena),
            AthenaCredentials = AwsCredentialSettings.From(configuration, "destination.athena", athena),
            Refused = new([.. unsupportedFiles.Refused, .. unsupported.Refused, .. unknown.Refused]),
        };
    }

    /// <summary>Reads the settings of an in-process account, which has its own buckets.</summary>
    private static AthenaSettings ResolveLocal(DltConfiguration configuration, string? pipeline, Action<string> warn)
    {
        var athena = new ConfigurationResolver(configuration, AthenaSections, pipeline).Resolve(AthenaSpecs.Local);
        var files = new ConfigurationResolver(configuration, FilesystemSections, pipeline).Resolve(AthenaSpecs.LocalFiles);
        var unknown = Unknown(configuration, pipeline);
        var (refused, onAws) = new RefusedSettings(
        [
            .. new UnsupportedSettings(configuration, FilesystemSections, pipeline).Check(AthenaSpecs.LocalFiles, files).Refused,
            .. new UnsupportedSettings(configuration, AthenaSections, pipeline).Check(AthenaSpecs.Local, athena).Refused,
            .. unknown.Refused,
        ]).OnLocalAccount();
        foreach (var warning in files.Warnings.Concat(athena.Warnings).Concat(unknown.Warnings)) warn(warning);
        if (onAws is not null) warn(onAws);
        return new()
        {
            BucketUrl = "s3://lake",
            Layout = LayoutSettings.Read(files, warn),
            ForceIceberg = athena.Bool("force_iceberg") ?? false,
            StagingDatasetNameLayout = athena.Text("staging_dataset_name_layout") ?? DefaultStagingDatasetNameLayout,
            TableLocationLayout = athena.Text("table_location_layout")!,
            TableProperties = Texts(athena.Values["table_properties"]),
            NormalizeDatasetName = athena.Bool("enable_dataset_name_normalization") ?? true,
            ReplaceStrategy = athena.Text("replace_strategy"),
            Lease = LeaseOf(athena),
            Refused = refused,
        };
    }

    private static TimeSpan LeaseOf(ResolvedConfiguration athena)
    {
        var seconds = athena.Values["lease"]!.AsDouble();
        return seconds is 0 or >= 1
            ? TimeSpan.FromSeconds(seconds)
            : throw new ConfigurationException("destination.athena.lease is shorter than a second, in which no run can renew it. Nothing "
                + "was run. Use 1 or more seconds, or 0 for no lease.")
            { Fields = ["lease"] };
    }

    private static UnknownSettings Unknown(DltConfiguration configuration, string? pipeline) =>
        new UnknownSettings(configuration, pipeline) { Homes = AthenaSpecs.Homes }
        .Check(FilesystemSections, [AthenaSpecs.Filesystem]).Check(AthenaSections, [AthenaSpecs.Athena])
        .CheckTables(["destination"], ["athena", "filesystem"], hasNamed: true);

    /// <summary>
    /// Table properties as texts, without those that the user cannot set because Iceberg decides them (docs/spec/athena-destination.md
    /// 4.2).
    /// </summary>
    private static Dictionary<string, string> Texts(JsonValue? map)
    {
        if (map is not { Kind: JsonKind.Object }) return [];
        var own = map.Members.Where(m => m.Key is not ("table_type" or "format" or "write_compression"));
        return own.ToDictionary(m => m.Key, m => m.Value.Kind == JsonKind.String ? m.Value.AsString() : m.Value.ToString());
    }


    private static string CheckCatalog(string catalog) => !catalog.StartsWith(S3Tables, StringComparison.OrdinalIgnoreCase)
        ? catalog
        : throw new ConfigurationException($"destination.athena.aws_data_catalog is '{catalog}': loads into S3 table buckets are not "
            + "supported yet. Nothing was run. Name a Glue catalog such as awsdatacatalog; a program can open such tables with "
            + "Athena.RestCatalog.")
        { Fields = ["aws_data_catalog"] };

    private static string CheckBucketUrl(string url)
    {
        try
        {
            return ObjectLocation.Parse(url.TrimEnd('/')).ToString();
        }
        catch (FormatException error)
        {
            throw new ConfigurationException("destination.filesystem.bucket_url: "
                + $"{error.Message.Replace(url, SafeUrl.Of(url), StringComparison.Ordinal)} Nothing was run.")
            { Fields = ["bucket_url"] };
        }
    }
}
