using Dlt.Aws;
using Dlt.Configuration;

namespace Dlt.Destinations.Settings;

/// <summary>Reads the settings of a destination from its sections and from the program, and checks them.</summary>
/// <param name="configuration">Configuration to read.</param>
/// <param name="pipeline">Name of the pipeline; null for none.</param>
/// <param name="warn">Receives warnings about settings.</param>
/// <param name="blocks">Sections of the destination.</param>
/// <param name="options">Values that the program gives.</param>
internal sealed class AthenaSettingsReader(
    DltConfiguration configuration, string? pipeline, Action<string> warn, DestinationBlocks blocks, AthenaOptions options)
{
    private static readonly ConfigurationSpec Files =
        new("CodecConfiguration", [new("compression")]) { Section = "data_writer" };

    /// <exception cref="ConfigurationException">A field is missing, malformed, or still a placeholder.</exception>
    public AthenaSettings Read(bool isLocal)
    {
        if (!options.IsAny) blocks.Check(configuration, pipeline);
        return isLocal ? ReadLocal() : ReadAws();
    }

    private AthenaSettings ReadAws()
    {
        var problems = new SettingProblems(configuration);
        var files = ResolveFiles(AthenaSpecs.Filesystem, problems);
        var athena = ResolveAthena(AthenaSpecs.Athena, problems);
        var unknown = Unknown();
        problems.Check(unknown.Warnings);
        var unsupportedFiles = Unsupported(FilesSection, AthenaSpecs.Filesystem, files);
        var unsupported = Unsupported(blocks.Athena, AthenaSpecs.Athena, athena);
        Warn(files.Warnings, athena.Warnings, unknown.Warnings, unsupportedFiles.Warnings, unsupported.Warnings);
        return Common(athena, files) with
        {
            BucketUrl = SettingForms.Url("destination.filesystem.bucket_url", files.Text("bucket_url")!),
            FilesystemCredentials = StorageSettings.Connect(
                options.StorageCredentials ?? Credentials(files, FilesSection), string.Join('.', FilesSection), files),
            Storage = options.Storage ?? StorageSettings.Read(string.Join('.', FilesSection), files),
            Queries = options.Queries ?? QuerySettings.Read(blocks.AthenaSection, athena),
            PricePerTerabyte = athena.Values["price_per_terabyte"] is { IsNull: false } price ? (decimal)price.AsDouble() : null,
            Tags = options.Tags() ?? DatabaseTagSettings.Read(blocks.AthenaSection, athena, warn),
            QueryResultBucket = athena.Text("query_result_bucket") is { Length: > 0 } results
                ? SettingForms.CheckedUrl($"{blocks.AthenaSection}.query_result_bucket", results)
                : null,
            WorkGroup = athena.Text("athena_work_group") is { Length: > 0 } group ? group : null,
            Catalog = SettingForms.Catalog($"{blocks.AthenaSection}.aws_data_catalog", athena.Text("aws_data_catalog")!),
            DatabaseLocation = athena.Text("db_location") is { } place
                ? SettingForms.Url($"{blocks.AthenaSection}.db_location", place)
                : null,
            AthenaCredentials = options.Credentials
                ?? QuerySettings.Assume(Credentials(athena, blocks.Athena), blocks.AthenaSection, athena),
            Refused = new([.. unsupportedFiles.Refused, .. unsupported.Refused, .. unknown.Refused]),
        };
    }

    /// <summary>Reads the settings of an in-process account, which has its own buckets.</summary>
    private AthenaSettings ReadLocal()
    {
        var athena = ResolveAthena(AthenaSpecs.Local);
        var files = ResolveFiles(AthenaSpecs.LocalFiles);
        var unknown = Unknown();
        var (refused, onAws) = new RefusedSettings(
        [
            .. Unsupported(FilesSection, AthenaSpecs.LocalFiles, files).Refused,
            .. Unsupported(blocks.Athena, AthenaSpecs.Local, athena).Refused,
            .. unknown.Refused,
        ]).OnLocalAccount();
        Warn(files.Warnings, athena.Warnings, unknown.Warnings);
        if (onAws is not null) warn(onAws);
        if (athena.Values["lakeformation_config"]?["enabled"] is { IsNull: false })
            warn($"'{blocks.AthenaSection}.lakeformation_config' has no effect on a local account, which has no tags.");
        return Common(athena, files) with { Refused = refused };
    }

    /// <summary>The settings that an account on AWS and an in-process account share.</summary>
    private AthenaSettings Common(ResolvedConfiguration athena, ResolvedConfiguration files)
    {
        var layout = LayoutSettings.Read(files, options.ExtraPlaceholders, warn);
        HiveReplace.Check(athena.Text("hive_replace")!, layout);
        return Common(athena, files, layout);
    }

    private AthenaSettings Common(ResolvedConfiguration athena, ResolvedConfiguration files, FileLayout layout) => new()
    {
        BucketUrl = "s3://lake",
        Layout = layout,
        ForceIceberg = athena.Bool("force_iceberg") ?? false,
        StagingDatasetNameLayout = SettingForms.StagingLayout(athena, files),
        TableLocationLayout = athena.Text("table_location_layout")!,
        TableProperties = Texts(athena.Values["table_properties"]),
        FileCodec = FileCodec,
        NormalizeDatasetName = athena.Bool("enable_dataset_name_normalization") ?? true,
        HiveReplace = athena.Text("hive_replace")!,
        Ddl = athena.Text("ddl")!,
        MergeEngine = athena.Text("merge_engine")!,
        Maintenance = athena.Text("maintenance")!,
        HivePartitions = athena.Text("hive_partitions")!,
        ReplaceStrategy = athena.Text("replace_strategy"),
        IsReadOnly = files.Bool("read_only") ?? false,
        Capabilities = AthenaCapabilities.Of(athena),
        Lease = LeaseOf(athena),
        MaxStateFiles = (int)files.Integer("max_state_files")!.Value,
        MaxVersionRows = (int?)athena.Integer("max_version_rows"),
    };

    private TimeSpan LeaseOf(ResolvedConfiguration athena)
    {
        var seconds = athena.Values["lease"]!.AsDouble();
        return seconds is 0 or >= 1
            ? TimeSpan.FromSeconds(seconds)
            : throw new ConfigurationException($"{blocks.AthenaSection}.lease is shorter than a second, in which no run can renew it. "
                + "Nothing was run. Use 1 or more seconds, or 0 for no lease.")
            { Fields = ["lease"] };
    }

    /// <summary>The codec of the files of a load. The steps of a run refuse a wrong one.</summary>
    private string FileCodec =>
        new ConfigurationResolver(configuration, ["normalize"], pipeline).Resolve(Files).Text("compression") switch
        {
            "none" => "uncompressed",
            null => "zstd",
            var codec => codec,
        };

    /// <summary>The section of the bucket, as messages name it.</summary>
    private string[] FilesSection => blocks.OwnFilesystemOf(configuration, pipeline) ?? blocks.Filesystem;

    private ResolvedConfiguration ResolveFiles(ConfigurationSpec spec, SettingProblems? problems = null) =>
        new ConfigurationResolver(configuration, blocks.Filesystem, pipeline) { Problems = problems, Before = blocks.OwnFilesystems }
            .Resolve(spec, options.ToFilesystem());

    private ResolvedConfiguration ResolveAthena(ConfigurationSpec spec, SettingProblems? problems = null) =>
        new ConfigurationResolver(configuration, blocks.Athena, pipeline) { Problems = problems }.Resolve(spec, options.ToAthena());

    private AwsCredentialOptions Credentials(ResolvedConfiguration resolved, string[] section) => AwsCredentialSettings.From(
        configuration, string.Join('.', resolved.Owners.GetValueOrDefault("credentials", section)), resolved, blocks.AthenaSection);

    private UnsupportedSettings Unsupported(string[] section, ConfigurationSpec spec, ResolvedConfiguration resolved) =>
        new UnsupportedSettings(configuration, section, pipeline).Check(spec, resolved);

    private UnknownSettings Unknown()
    {
        var unknown = new UnknownSettings(configuration, pipeline) { Homes = AthenaSpecs.HomesOf(blocks) }
            .Check(blocks.Filesystem, [AthenaSpecs.Filesystem])
            .Check(blocks.Athena, [blocks.IsNamed ? AthenaSpecs.Named : AthenaSpecs.Athena]);
        foreach (var section in blocks.OwnFilesystems.Where(s => s.Length == blocks.Filesystem.Length))
            unknown.Check(section, [AthenaSpecs.Filesystem]);
        return unknown.CheckTables(["destination"], blocks.Known(configuration), hasNamed: true);
    }

    private void Warn(params IReadOnlyList<string>[] warnings)
    {
        foreach (var warning in warnings.SelectMany(w => w)) warn(warning);
    }

    /// <summary>Table properties as texts, in the order of the setting.</summary>
    private static Dictionary<string, string> Texts(JsonValue? map)
    {
        if (map is not { Kind: JsonKind.Object }) return [];
        return map.Members.ToDictionary(m => m.Key, m => m.Value.Kind == JsonKind.String ? m.Value.AsString() : m.Value.ToString());
    }
}
