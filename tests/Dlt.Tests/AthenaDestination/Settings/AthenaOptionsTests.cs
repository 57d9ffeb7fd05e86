using System.Collections.Immutable;
using Dlt.Aws;
using Dlt.Destinations.Settings;
using Dlt.Tests.Support;

namespace Dlt.Tests.AthenaDestination.Settings;

/// <summary>Settings that a program gives instead of files and variables.</summary>
public sealed class AthenaOptionsTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly List<string> _warnings = [];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Every_option_wins_over_the_configuration()
    {
        _folder.Write(".dlt/secrets.toml", """
            [destination.filesystem]
            bucket_url = "s3://file"
            [destination.athena]
            athena_work_group = "file"
            query_result_bucket = "s3://file"
            [destination.athena.credentials]
            aws_access_key_id = "FILE"
            aws_secret_access_key = "FILE"
            aws_session_token = "FILE"
            """);
        var settings = Resolve(new()
        {
            BucketUrl = "s3://code/raw/",
            Layout = "{table_name}/{team}/{load_id}.{file_id}.{ext}",
            ExtraPlaceholders = ImmutableDictionary<string, Func<LayoutFile, string>>.Empty
                .Add("team", file => $"{file.SchemaName}-{file.TableName}-{file.LoadId}-{file.FileId}-{file.Extension}"),
            Credentials = new() { ProfileName = "code" },
            StorageCredentials = new() { ProfileName = "store" },
            QueryResultBucket = "s3://code",
            WorkGroup = "code",
            Catalog = "other",
            ForceIceberg = true,
            TableLocationLayout = "{table_name}",
            TableProperties = ImmutableDictionary<string, string>.Empty.Add("a", "b"),
            DatabaseLocation = "s3://code/db/",
            ReplaceStrategy = "insert-from-staging",
            HiveReplace = "truncate-and-insert",
            Ddl = "athena",
            MergeEngine = "athena",
            PricePerTerabyte = 4.5m,
            HivePartitions = "glue",
            StagingDatasetNameLayout = "stage_%s",
            NormalizeDatasetName = false,
            NamingConvention = "direct",
            MaxIdentifierLength = 40,
            IsReadOnly = true,
        });
        Assert.Equal(("s3://code/raw", "s3://code", "code", "other"),
            (settings.BucketUrl, settings.QueryResultBucket, settings.WorkGroup, settings.Catalog));
        Assert.Equal("items/s-items-1.0-f-parquet/1.0.f.parquet",
            settings.Layout.PathOf(new("items", "f", 0, "parquet"), "s", "1.0", DateTimeOffset.UnixEpoch));
        Assert.Equal(("code", null, "store"), (settings.AthenaCredentials.ProfileName, settings.AthenaCredentials.AccessKeyId,
            settings.FilesystemCredentials.ProfileName));
        Assert.Equal(("{table_name}", "b", "s3://code/db", "insert-from-staging", "stage_%s", "truncate-and-insert", "athena"),
            (settings.TableLocationLayout, settings.TableProperties["a"], settings.DatabaseLocation, settings.ReplaceStrategy,
            settings.StagingDatasetNameLayout, settings.HiveReplace, settings.Ddl));
        Assert.Equal(4.5m, settings.PricePerTerabyte);
        Assert.Equal(("glue", "athena"), (settings.HivePartitions, settings.MergeEngine));
        Assert.Equal((true, false, true, "direct", 40), (settings.ForceIceberg, settings.NormalizeDatasetName, settings.IsReadOnly,
            settings.Capabilities.NamingConvention, settings.Capabilities.MaxIdentifierLength));
        Assert.Empty(_warnings);
    }

    [Fact]
    public void A_program_needs_no_files() =>
        Assert.Equal("s3://code", AthenaSettings.Resolve(Some.Configuration(_folder.Path), "pipe", _warnings.Add, isLocal: false,
            new DestinationBlocks("athena_code"), new AthenaOptions { BucketUrl = "s3://code" }).BucketUrl);

    [Theory]
    [InlineData("bucket_url")]
    [InlineData("replace_strategy")]
    [InlineData("max_identifier_length")]
    [InlineData("naming_convention")]
    public void A_wrong_option_is_named(string setting)
    {
        var options = new AthenaOptions
        {
            BucketUrl = setting == "bucket_url" ? "https://lake" : "s3://lake",
            ReplaceStrategy = setting == "replace_strategy" ? "trunctate" : null,
            MaxIdentifierLength = setting == "max_identifier_length" ? 300 : null,
            NamingConvention = setting == "naming_convention" ? "snakecase" : null,
        };
        Assert.Contains(setting, Assert.Throws<ConfigurationException>(() => Resolve(options)).Message, StringComparison.Ordinal);
    }

    [Theory, InlineData("s3://lake/../all"), InlineData("s3://lake/a/./b"), InlineData("s3://lake//a")]
    public void A_bucket_url_that_no_object_can_have_is_refused(string url)
    {
        var error = Assert.Throws<ConfigurationException>(() => Resolve(new() { BucketUrl = url }));
        Assert.Equal(["bucket_url"], error.Fields);
        Assert.Contains($"'{url}' ", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("../up")]
    [InlineData("a//b")]
    public async Task A_placeholder_that_is_no_folder_stops_the_load(string text)
    {
        var account = Some.Account(_folder);
        var destination = Athena.Destination(account, options: new()
        {
            Layout = "{table_name}/{team}/{load_id}.{file_id}.{ext}",
            ExtraPlaceholders = ImmutableDictionary<string, Func<LayoutFile, string>>.Empty.Add("team", _ => text),
        });
        var pipeline = Pipeline.Create("pipe", destination, "ds",
            new() { Configuration = Some.Configuration(_folder.Path), Warn = _warnings.Add });
        var error = await Assert.ThrowsAnyAsync<DltException>(() =>
            pipeline.RunAsync(Some.Resource("items", """{"a":1}"""), Cancellation));
        Assert.Contains("extra_placeholders.team", error.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(account.Folder, "s3", "lake", "ds", "items")));
    }

    [Fact]
    public async Task Names_follow_the_convention_and_the_length_of_the_options()
    {
        var account = Some.Account(_folder);
        var options = new AthenaOptions { NamingConvention = "direct", MaxIdentifierLength = 24, ForceIceberg = true };
        await Pipeline.Create("pipe", Athena.Destination(account, options: options), "ds",
            new() { Configuration = Some.Configuration(_folder.Path), Warn = _ => { } })
            .RunAsync(Some.Resource("items", """{"Camel-Case":1,"a_name_of_more_than_twenty_four_letters":2}"""), Cancellation);
        var table = (await account.Glue.GetTableAsync("ds", "items", Cancellation))!;
        Assert.True(table.IsIceberg);
        Assert.Contains("camel-case", table.Columns.Select(c => c.Name));
        Assert.All(table.Columns, c => Assert.InRange(c.Name.Length, 1, 24));
    }

    private AthenaSettings Resolve(AthenaOptions options) => AthenaSettings.Resolve(
        Some.Configuration(_folder.Path, ("BUCKET_URL", "s3://b")), "pipe", _warnings.Add, isLocal: false, options: options);
}
