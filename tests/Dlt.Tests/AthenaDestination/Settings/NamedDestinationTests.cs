using Dlt.Configuration;
using Dlt.Destinations.Settings;
using Dlt.Json;
using Dlt.Tests.Iceberg.Catalogs;
using Dlt.Tests.Support;

namespace Dlt.Tests.AthenaDestination.Settings;

/// <summary>Destinations with a name of their own: their sections, and who chooses the name.</summary>
public sealed class NamedDestinationTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly List<string> _warnings = [];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("[destination.athena_prod.filesystem]")]
    [InlineData("[destination.filesystem_prod]")]
    public void The_bucket_of_the_name_comes_before_the_plain_one(string section)
    {
        _folder.Write(".dlt/secrets.toml", $$"""
            [destination.filesystem]
            bucket_url = "s3://plain"
            layout = "{table_name}/of-all/{load_id}.{file_id}.{ext}"
            [destination.athena]
            athena_work_group = "plain"
            force_iceberg = true
            [destination.athena_prod]
            destination_type = "athena"
            athena_work_group = "prod"
            {{section}}
            bucket_url = "s3://prod"
            """);
        var settings = Resolve("athena_prod");
        Assert.Equal(("s3://prod", "prod", false), (settings.BucketUrl, settings.WorkGroup, settings.ForceIceberg));
        Assert.StartsWith("{table_name}/of-all/", settings.Layout.Pattern, StringComparison.Ordinal);
        Assert.Empty(_warnings);

        Assert.Equal(("s3://plain", "plain"), (Resolve("athena").BucketUrl, Resolve("athena").WorkGroup));
        Assert.Empty(_warnings);
    }

    [Fact]
    public void A_login_comes_whole_from_one_section()
    {
        _folder.Write(".dlt/secrets.toml", """
            [destination.filesystem]
            bucket_url = "s3://plain"
            [destination.filesystem.credentials]
            aws_access_key_id = "PLAIN"
            aws_secret_access_key = "PLAIN"
            aws_session_token = "TOKEN OF PLAIN"
            [destination.athena_prod]
            destination_type = "athena"
            [destination.athena_prod.filesystem.credentials]
            aws_access_key_id = "PROD"
            aws_secret_access_key = "PROD"
            """);
        var login = Resolve("athena_prod").FilesystemCredentials;
        Assert.Equal(("PROD", "PROD", null), (login.AccessKeyId, login.SecretAccessKey, login.SessionToken));
        Assert.Equal("[destination.athena_prod.filesystem.credentials]", login.Origin.Name);
        Assert.Equal("TOKEN OF PLAIN", Resolve("athena").FilesystemCredentials.SessionToken);
        Assert.Empty(_warnings);
    }

    [Theory]
    [InlineData("[destination.filesystem.kwargs.s3_additional_kwargs]\nStorageClass = 'GLACIER'",
        "destination.filesystem.kwargs.s3_additional_kwargs.StorageClass is 'GLACIER'")]
    [InlineData("[destination.filesystem.config_kwargs]\nproxies = 1", "'destination.filesystem.config_kwargs.proxies' (secrets.toml)")]
    [InlineData("[destination.filesystem.client_kwargs]\nverify = false", "destination.filesystem.client_kwargs.verify is false")]
    [InlineData("[destination.athena_prod.filesystem.client_kwargs]\nverify = false",
        "destination.athena_prod.filesystem.client_kwargs.verify is false")]
    public void An_error_names_the_section_that_has_the_setting(string section, string named)
    {
        _folder.Write(".dlt/secrets.toml", $$"""
            [destination.athena_prod]
            destination_type = "athena"
            [destination.athena_prod.filesystem]
            bucket_url = "s3://prod"
            {{section}}
            """);
        var error = Assert.Throws<ConfigurationException>(() => Resolve("athena_prod").Refused.Check(Stops.Loads));
        Assert.StartsWith(named, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Certificates_that_cannot_be_read_are_named_with_the_place_of_their_setting()
    {
        _folder.Write(".dlt/config.toml", """
            [destination.athena_prod]
            destination_type = "athena"
            [destination.athena_prod.filesystem]
            bucket_url = "s3://prod"
            client_kwargs = { verify = "/missing.pem" }
            """);
        var login = Resolve("athena_prod").FilesystemCredentials;
        var place = login.Origin.PlaceOf(nameof(login.CertificateBundle));
        Assert.StartsWith("'destination.athena_prod.filesystem.client_kwargs.verify' in ", place, StringComparison.Ordinal);
        Assert.EndsWith("config.toml", place, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[destination.athena_prod.filesystem]")]
    [InlineData("[destination.filesystem_prod]")]
    public void A_plain_bucket_of_an_earlier_file_or_a_variable_does_not_hide_that_of_the_name(string section)
    {
        _folder.Write(".dlt/secrets.toml", $$"""
            [destination.filesystem]
            bucket_url = "s3://plain"
            layout = "{table_name}/of-all/{load_id}.{file_id}.{ext}"
            kwargs = { s3_additional_kwargs = { StorageClass = "GLACIER_IR" } }
            [destination.filesystem.credentials]
            profile_name = "plain"
            region_name = "us-east-1"
            {{section.TrimEnd(']')}}.credentials]
            region_name = "eu-central-1"
            """);
        _folder.Write(".dlt/config.toml", $$"""
            [destination.athena_prod]
            destination_type = "athena"
            {{section}}
            bucket_url = "s3://prod"
            kwargs = { s3_additional_kwargs = { StorageClass = "STANDARD_IA" } }
            """);
        var settings = Resolve(
            "athena_prod", ("DESTINATION__FILESYSTEM__BUCKET_URL", "s3://variable"), ("BUCKET_URL", "s3://bare"),
            ("PIPE__DESTINATION__FILESYSTEM__BUCKET_URL", "s3://pipeline"), ("CREDENTIALS__REGION_NAME", "us-west-2"));
        Assert.Equal(("s3://prod", "STANDARD_IA"), (settings.BucketUrl, settings.Storage.StorageClass));
        Assert.StartsWith("{table_name}/of-all/", settings.Layout.Pattern, StringComparison.Ordinal);
        Assert.Equal(("eu-central-1", null), (settings.FilesystemCredentials.RegionName, settings.FilesystemCredentials.ProfileName));
        Assert.Empty(_warnings);

        var own = Resolve("athena_prod", ("PIPE__DESTINATION__ATHENA_PROD__FILESYSTEM__BUCKET_URL", "s3://own"));
        Assert.Equal("s3://own", own.BucketUrl);
        Assert.Equal("s3://variable", Resolve("athena", ("DESTINATION__FILESYSTEM__BUCKET_URL", "s3://variable")).BucketUrl);
    }

    [Fact]
    public async Task A_rest_catalog_opens_files_with_the_login_of_the_name()
    {
        const string bucket = "named-rest";
        var moto = await Moto.UrlAsync();
        await Moto.CreateBucketAsync(moto, bucket);
        await using var aws = new AwsRecorder(moto);
        _folder.Write(".dlt/secrets.toml", """
            [destination.filesystem.credentials]
            aws_access_key_id = "PLAIN"
            aws_secret_access_key = "PLAIN"
            [destination.athena_prod]
            destination_type = "athena"
            [destination.athena_prod.filesystem.credentials]
            aws_access_key_id = "PROD"
            aws_secret_access_key = "PROD"
            """);
        await using var server = new RestServer(_folder.Path);
        server.LoadAnswer["config"] = new System.Text.Json.Nodes.JsonObject
        {
            ["s3.endpoint"] = aws.Url,
            ["client.region"] = Moto.Region,
        };
        var configuration = Some.Configuration(_folder.Path);
        using var catalog = Athena.RestCatalog(server.Uri, configuration: configuration, destination: "athena_prod");
        await catalog.CreateNamespaceAsync("shop", cancellationToken: Cancellation);
        var schema = new Dlt.Iceberg.Schema([new(1, "n", new Dlt.Iceberg.PrimitiveType(Dlt.Iceberg.PrimitiveKind.Long))]);
        var table = await catalog.CreateTableAsync(
            new("shop", "numbers"), schema, location: $"s3://{bucket}/numbers", cancellationToken: Cancellation);
        await using (var writer = new Dlt.Iceberg.DataFileWriter(table))
        {
            await writer.AddAsync([42L], Cancellation);
            await writer.CompleteAsync(Cancellation);
        }

        Assert.Equal(["PROD"], aws.Calls.Select(c => c.Key).Distinct());
        var error = Assert.Throws<ConfigurationException>(() =>
            Athena.RestCatalog(server.Uri, configuration: configuration, destination: "athena_test"));
        Assert.Contains("[destination.athena_test] does not exist", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_misspelt_key_of_the_named_sections_is_reported()
    {
        _folder.Write(".dlt/secrets.toml", """
            [destination.athena_prod]
            destination_type = "athena"
            force_icebreg = true
            [destination.athena_prod.filesystem]
            bucket_url = "s3://prod"
            layuot = "x"
            """);
        Resolve("athena_prod");
        Assert.Equal(2, _warnings.Count);
        Assert.Contains(_warnings, w => w.EndsWith("'force_iceberg'.", StringComparison.Ordinal));
        Assert.Contains(_warnings, w => w.EndsWith("'layout'.", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("athena")]
    [InlineData("athena_prod")]
    [InlineData("athena_test")]
    public void Other_destinations_of_the_project_are_not_reported(string name)
    {
        _folder.Write(".dlt/secrets.toml", """
            [destination.athena_prod.credentials]
            profile_name = "prod"
            [destination.filesystem_test]
            bucket_url = "s3://test"
            [destination.athena_test.credentials]
            profile_name = "test"
            """);
        _folder.Write(".dlt/config.toml", """
            [destination.filesystem]
            bucket_url = "s3://plain"
            [destination.athena_prod]
            destination_type = "dlt.destinations.athena"
            [destination.filesystem_prod]
            destination_type = "dlt.destinations.filesystem"
            [destination.athena_test]
            destination_type = "athena"
            """);
        Resolve(name);
        Assert.Empty(_warnings);
    }

    [Fact]
    public void An_unknown_name_is_refused_with_the_nearest_known_one()
    {
        _folder.Write(".dlt/secrets.toml", "[destination.athena_prod]\ndestination_type = \"athena\"\n");
        var error = Assert.Throws<ConfigurationException>(() => Resolve("athena_prd"));
        Assert.Contains("no destination 'athena_prd'", error.Message, StringComparison.Ordinal);
        Assert.Contains("'athena_prod'", error.Message, StringComparison.Ordinal);
        Assert.Equal(["destination_name"], error.Fields);
    }

    [Fact]
    public void A_section_of_another_type_is_refused()
    {
        _folder.Write(".dlt/secrets.toml", "[destination.warehouse]\ndestination_type = \"duckdb\"\n");
        var error = Assert.Throws<ConfigurationException>(() => Resolve("warehouse"));
        Assert.Contains("[destination.warehouse] has destination_type 'duckdb'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_named_destination_may_be_set_by_variables_alone() => Assert.Equal("prod", Resolve(
        "athena_prod", ("DESTINATION__ATHENA_PROD__WORKGROUP", "prod"), ("BUCKET_URL", "s3://b")).WorkGroup);

    [Theory]
    [InlineData("code")]
    [InlineData("DESTINATION_NAME")]
    [InlineData("PIPELINES__PIPE__DESTINATION_NAME")]
    [InlineData("PIPELINES__DESTINATION_NAME")]
    public async Task The_chosen_name_rules_the_load_and_stands_in_the_state(string chooser)
    {
        _folder.Write(".dlt/config.toml", """
            [destination.filesystem_prod]
            layout = "{table_name}/prod/{load_id}.{file_id}.{ext}"
            [destination.athena_prod]
            destination_type = "athena"
            """);
        var account = Some.Account(_folder);
        var isCode = chooser == "code";
        (string, string)[] environment = isCode ? [("DESTINATION_NAME", "other")] : [(chooser, "athena_prod")];
        var pipeline = Pipeline.Create("pipe", Athena.Destination(account, isCode ? "athena_prod" : null), "ds",
            new() { Configuration = Some.Configuration(_folder.Path, environment), Warn = _warnings.Add });
        var info = await pipeline.RunAsync(Some.Resource("items", """{"a":1}"""), Cancellation);

        Assert.Equal("athena_prod", info.DestinationName);
        Assert.Equal("dlt query ds \"SELECT * FROM items LIMIT 10\" --destination athena_prod --local", info.Query);
        var keys = new List<string>();
        await foreach (var file in account.Objects.ListAsync("lake", "ds/items/", Cancellation)) keys.Add(file.Location.Key);
        Assert.StartsWith("ds/items/prod/", Assert.Single(keys), StringComparison.Ordinal);
        var state = JsonParser.Parse(await File.ReadAllTextAsync(Path.Combine(pipeline.WorkingFolder, "state.json"), Cancellation));
        Assert.Equal("athena_prod", state["destination_name"]!.AsString());
        Assert.Equal("dlt.destinations.athena", state["destination_type"]!.AsString());
        Assert.DoesNotContain(_warnings, w => w.Contains("destination", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Commands_of_a_pipeline_use_the_destination_of_its_state()
    {
        _folder.Write(".dlt/config.toml", "[destination.athena_prod]\ndestination_type = \"athena\"\n");
        var account = new LocalAthena(_folder.File(".dlt-local"));
        await Pipeline.Create("pipe", Athena.Destination(account, "athena_prod"), "ds",
            new() { Configuration = Some.Configuration(_folder.Path), Warn = _ => { } })
            .RunAsync(Some.Resource("items", """{"a":1}"""), Cancellation);
        var stored = new PipelineWorkspace(account.PipelinesFolder!).Find("pipe")!;
        Assert.Equal("athena_prod", stored.ReadDestinationName());
    }

    private AthenaSettings Resolve(string name, params (string, string)[] environment) => AthenaSettings.Resolve(
        Some.Configuration(_folder.Path, environment), "pipe", _warnings.Add, isLocal: false, new DestinationBlocks(name));
}
