using Dlt.Aws;
using Dlt.Configuration;
using Dlt.Schemas;

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

    /// <summary>What objects and requests to S3 get.</summary>
    public S3Options Storage { get; init; } = new();

    /// <summary>How queries run.</summary>
    public QueryOptions Queries { get; init; } = new();

    /// <summary>US dollars for a terabyte that queries scan; null for the known price of the region.</summary>
    public decimal? PricePerTerabyte { get; init; }

    /// <summary>LF-tags of the databases; null to leave them as they are.</summary>
    public DatabaseTagSettings? Tags { get; init; }

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

    /// <summary>
    /// Codec of new Iceberg tables, as their property has it: that of the files of a load (<c>data_writer.compression</c>), so that files
    /// that are written again have it too.
    /// </summary>
    public string FileCodec { get; init; } = "zstd";

    /// <summary>True when loads are refused; queries and the restore of state go on.</summary>
    public bool IsReadOnly { get; init; }

    /// <summary>What the destination can do.</summary>
    public DestinationCapabilities Capabilities { get; init; } = AthenaCapabilities.Default;

    /// <summary>How rows are replaced (docs/spec/athena-destination.md 1.2); null to let the table's format decide.</summary>
    public string? ReplaceStrategy { get; init; }

    /// <summary>How the rows of an external table are replaced (<see cref="Settings.HiveReplace"/>).</summary>
    public string HiveReplace { get; init; } = Settings.HiveReplace.DeleteAfter;

    /// <summary>The service that makes, changes and drops databases and tables (<see cref="DdlService"/>).</summary>
    public string Ddl { get; init; } = DdlService.Glue;

    /// <summary>Who merges rows into Iceberg tables (<see cref="Settings.MergeEngine"/>).</summary>
    public string MergeEngine { get; init; } = Settings.MergeEngine.Native;

    /// <summary>What a load does with the Iceberg tables that it changed (<see cref="UpkeepAfterLoad"/>).</summary>
    public string Maintenance { get; init; } = UpkeepAfterLoad.Off;

    /// <summary>Where the partitions of new external tables are listed (<see cref="Settings.HivePartitions"/>).</summary>
    public string HivePartitions { get; init; } = Settings.HivePartitions.Projection;

    /// <summary>Time without a renewal after which a run counts as dead, and another machine may take over; zero for no lease.</summary>
    public TimeSpan Lease { get; init; } = DefaultLease;

    /// <summary>Number of state rows of a pipeline that stay in the dataset; zero or less for all.</summary>
    public int MaxStateFiles { get; init; } = DefaultMaxStateFiles;

    /// <summary>Number of stored versions of a schema that stay in the dataset, 1 or more; null for all.</summary>
    public int? MaxVersionRows { get; init; }

    /// <summary>Settings that are not supported and would do harm if ignored.</summary>
    public RefusedSettings Refused { get; init; } = RefusedSettings.None;

    internal const int DefaultMaxStateFiles = 100;

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
        Storage = Storage,
        Queries = Queries,
    };

    /// <summary>Reads and checks the settings of a destination.</summary>
    /// <param name="configuration">Configuration to read.</param>
    /// <param name="pipeline">Name of the pipeline; its own settings take precedence. Null for none.</param>
    /// <param name="warn">Receives warnings about settings.</param>
    /// <param name="isLocal">True for an in-process account, which has its own buckets.</param>
    /// <param name="blocks">Sections of the destination; null for those of a destination that nobody names.</param>
    /// <param name="options">Values that the program gives, which win over the configuration; null for none.</param>
    /// <exception cref="ConfigurationException">A field is missing, malformed, or still a placeholder.</exception>
    public static AthenaSettings Resolve(
        DltConfiguration configuration, string? pipeline, Action<string> warn, bool isLocal, DestinationBlocks? blocks = null,
        AthenaOptions? options = null) =>
        new AthenaSettingsReader(configuration, pipeline, warn, blocks ?? DestinationBlocks.Default, options ?? new()).Read(isLocal);
}
