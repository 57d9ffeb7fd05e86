using Dlt.Configuration;
using Dlt.Destinations.Settings;
using Dlt.Destinations;
using Dlt.Golden.Athena;
using Dlt.Golden.Differences;
using Dlt.Golden.Harness;
using Dlt.Golden.Iceberg;
using Dlt.Golden.Pipelines;
using Dlt.Golden.Units;
using Dlt.Json;
using static Xunit.Assert;

namespace Dlt.Golden.Refusals;

/// <summary>Features that are refused by name, on purpose.</summary>
internal static class AllRefusals
{
    public static IReadOnlyList<Refusal> List { get; } =
    [
        new("python.only", c => c.Folder == UnitFile.Folder && c.Unit == UnitFile.NotPortable, null),
        new("python.dictionary-keys", c => c.Is("hashes", "json") && GoldenJson.Any(c["input"], HasMixedKeys), null),
        new("destination.other-than-athena", c => PipelineCase.Is(c) && !PipelineCase.IsOfAthena(c), null),
        new("destination.folder", IsFolder, BucketUrl),
        new("destination.s3-tables", IsS3Tables, S3Tables),
        new("dlt.faults-before-1.31", c => AthenaCase.IsScenario(c) && AthenaCase.IsOlder(c) && AthenaCase.HasFaults(c), null),
        new("dlt.lab-failed", c => AthenaCase.IsScenario(c) && AthenaCase.HasBrokenLab(c), null),
        new("iceberg.orc-and-v3-types", c => IsOfRows(c) && TableRefusals.IsUnreadable(c), TableRefusals.Unreadable),
        new("iceberg.rows-of-unknown", c => IsOfRows(c) && c.Unit != "rows" && TableRefusals.HasUnknown(c), TableRefusals.Unchangeable),
    ];

    public static Refusal? Of(GoldenCase golden) => List.FirstOrDefault(r => r.AppliesTo(golden));

    private static bool IsOfRows(GoldenCase golden) =>
        golden.Folder == GoldenTables.Folder && golden.Unit is "rows" or "changes" or "upkeep";

    private static bool IsFolder(GoldenCase golden) => SettingsText.Is(golden, "filesystem")
        && golden.Expected["resolved"]?["bucket_url"] is { Kind: JsonKind.String } url
        && url.AsString().StartsWith("file:", StringComparison.Ordinal);

    private static JsonValue? Catalog(GoldenCase golden) =>
        golden["config"]?["destination.athena.aws_data_catalog"] ?? golden["given"]?["destination"]?["aws_data_catalog"];

    private static bool IsS3Tables(GoldenCase golden) =>
        (golden.Is("layout", "table_location") || AthenaCase.IsScenario(golden) || DdlCase.Is(golden))
        && Catalog(golden) is { Kind: JsonKind.String } catalog
        && catalog.AsString().StartsWith("s3tablescatalog/", StringComparison.OrdinalIgnoreCase);

    /// <summary>Keys of several types, or null: a dictionary of .NET has keys of one type.</summary>
    private static bool HasMixedKeys(JsonValue value) =>
        GoldenJson.IsTyped(value, "dict") && value["value"]!.Items.Select(p => p.Items[0]) is var keys
        && (
            keys.Any(k => k.IsNull)
                || keys.Select(k => GoldenValue.IsTyped(k) ? k["$type"]!.AsString() : k.Kind.ToString()).Distinct().Count() > 1);

    private static void BucketUrl(GoldenCase golden)
    {
        var url = SettingsText.Value(golden, "bucket_url")!.AsString();
        var error = Resolve(("DESTINATION__FILESYSTEM__BUCKET_URL", url));
        Contains("bucket_url", error.Message, StringComparison.Ordinal);
    }

    private static void S3Tables(GoldenCase golden)
    {
        var catalog = Catalog(golden)!.AsString();
        var error = Resolve(
            ("DESTINATION__FILESYSTEM__BUCKET_URL", golden["bucket_url"]?.AsString() ?? "s3://lake"),
            ("DESTINATION__ATHENA__AWS_DATA_CATALOG", catalog));
        Equal(["aws_data_catalog"], error.Fields);
        Contains(catalog, error.Message, StringComparison.Ordinal);
    }

    private static ConfigurationException Resolve(params (string Name, string Value)[] environment)
    {
        var configuration = DltConfiguration.Load(new RunContext("none", "none", n => environment.FirstOrDefault(e => e.Name == n).Value));
        return Throws<ConfigurationException>(() => AthenaSettings.Resolve(configuration, null, _ => { }, isLocal: false));
    }
}
