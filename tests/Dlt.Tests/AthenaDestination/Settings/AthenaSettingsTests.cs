using Dlt.Configuration;
using Dlt.Destinations.Settings;
using Dlt.Destinations;
using Dlt.Tests.Support;

namespace Dlt.Tests.AthenaDestination.Settings;

/// <summary>Settings of the destination: credentials as one value, unknown names, layouts.</summary>
public sealed class AthenaSettingsTests : IDisposable
{
    private const string Json = """{"aws_access_key_id":"MINE","aws_secret_access_key":"HUSH","region_name":"eu-west-3"}""";

    private readonly TempFolder _folder = new();
    private readonly List<string> _warnings = [];

    public void Dispose() => _folder.Dispose();

    [Theory, InlineData("environment"), InlineData("file"), InlineData("pipeline")]
    public void Credentials_may_be_one_JSON_text(string place)
    {
        (string, string)[] environment = place switch
        {
            "environment" => [("DESTINATION__ATHENA__CREDENTIALS", Json), ("DESTINATION__FILESYSTEM__CREDENTIALS", Json)],
            "pipeline" => [("PIPE__DESTINATION__CREDENTIALS", Json)],
            _ => [],
        };
        if (place == "file") _folder.Write(".dlt/secrets.toml", "[destination.athena]\ncredentials = "
            + $"'{Json}'\n[destination.filesystem]\ncredentials = '{Json}'\n");
        var settings = Resolve(environment);
        foreach (var credentials in new[] { settings.AthenaCredentials, settings.FilesystemCredentials })
            Assert.Equal(("MINE", "HUSH", "eu-west-3"), (credentials.AccessKeyId, credentials.SecretAccessKey, credentials.RegionName));
        Assert.Empty(_warnings);
        if (place != "pipeline")
            Assert.Equal("HUSH", Read(environment).SecretAccessKey);
    }

    [Fact]
    public void Single_fields_of_the_environment_win_over_the_JSON_text()
    {
        var credentials = Resolve(
            ("DESTINATION__ATHENA__CREDENTIALS", Json), ("DESTINATION__ATHENA__CREDENTIALS__REGION_NAME", "us-west-2")).AthenaCredentials;
        Assert.Equal(("MINE", "us-west-2"), (credentials.AccessKeyId, credentials.RegionName));
    }

    [Fact]
    public void The_JSON_text_of_the_environment_wins_over_fields_of_a_file()
    {
        _folder.Write(".dlt/secrets.toml", "[destination.athena.credentials]\naws_access_key_id = \"OTHER\"\naws_secret_access_key = "
            + "\"OTHER\"\nprofile_name = \"more\"\n");
        var credentials = Resolve(("DESTINATION__ATHENA__CREDENTIALS", Json)).AthenaCredentials;
        Assert.Equal(("MINE", "HUSH", "more"), (credentials.AccessKeyId, credentials.SecretAccessKey, credentials.ProfileName));
    }

    [Fact]
    public void The_environment_wins_over_the_JSON_text_of_a_file()
    {
        _folder.Write(".dlt/secrets.toml", $"[destination.athena]\ncredentials = '{Json}'\n");
        var credentials = Resolve(("DESTINATION__ATHENA__CREDENTIALS__AWS_ACCESS_KEY_ID", "OTHER"),
            ("DESTINATION__ATHENA__CREDENTIALS__AWS_SECRET_ACCESS_KEY", "OTHER")).AthenaCredentials;
        Assert.Equal(("OTHER", "OTHER", "eu-west-3"), (credentials.AccessKeyId, credentials.SecretAccessKey, credentials.RegionName));
    }

    [Theory, Scenario("T-13")]
    [InlineData("AKIA:HUSH")]
    [InlineData("5")]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[\"AKIA\", \"HUSH\"]")]
    [InlineData("{\"aws_access_key_id\": \"HUSH\"")]
    [InlineData("\"HUSH\"")]
    public void Credentials_in_any_other_text_are_refused_and_not_shown(string text)
    {
        var error = Assert.Throws<ConfigurationException>(() => Resolve(("DESTINATION__FILESYSTEM__CREDENTIALS", text)));
        Assert.Equal(["credentials"], error.Fields);
        Assert.Contains("DESTINATION__FILESYSTEM__CREDENTIALS", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("HUSH", error.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY")]
    [InlineData("AWS_SECRET_ACCESS_KEY", "AWS_ACCESS_KEY_ID")]
    public void Half_a_pair_of_keys_is_refused_before_anything_runs(string given, string missing)
    {
        var error = Assert.Throws<ConfigurationException>(() => Resolve(("DESTINATION__ATHENA__CREDENTIALS__" + given, "HUSH")));
        Assert.Equal(["credentials"], error.Fields);
        Assert.Contains("DESTINATION__ATHENA__CREDENTIALS__" + missing, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("HUSH", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_number_in_place_of_credentials_is_an_error()
    {
        _folder.Write(".dlt/secrets.toml", "[destination.athena]\ncredentials = 5\n");
        Assert.Contains("secrets.toml (destination.athena.credentials)", Assert.Throws<ConfigurationException>(() => Resolve()).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void An_unknown_member_of_the_JSON_text_is_named()
    {
        Resolve(("DESTINATION__ATHENA__CREDENTIALS", """{"aws_acess_key_id":"HUSH"}"""));
        Assert.Contains("'aws_acess_key_id' is not a setting", Assert.Single(_warnings), StringComparison.Ordinal);
        Assert.Contains("'aws_access_key_id'", _warnings[0], StringComparison.Ordinal);
        Assert.DoesNotContain("HUSH", _warnings[0], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("DESTINATION__FILESYSTEM__KWARGS", """{"ServerSideEncryption":"aws:kms"}""",
        "destination.filesystem.kwargs.ServerSideEncryption")]
    [InlineData("DESTINATION__FILESYSTEM__CONFIG_KWARGS", """{"proxies":{"http":"x"}}""", "destination.filesystem.config_kwargs.proxies")]
    [InlineData("DESTINATION__ATHENA__CONNECTION_PARAMS", """{"region_name":"x"}""", "destination.athena.connection_params.region_name")]
    [InlineData("DESTINATION__FILESYSTEM__KWARGS", """{"anon":true}""", "destination.filesystem.kwargs.anon")]
    [InlineData(
        "DESTINATION__FILESYSTEM__CLIENT_KWARGS",
        """{"endpoint_url":"http://x"}""",
        "destination.filesystem.client_kwargs.endpoint_url")]
    public void A_setting_whose_neglect_does_harm_stops_a_load(string variable, string value, string field)
    {
        var settings = Resolve((variable, value));
        Assert.Equal([field], Assert.Throws<ConfigurationException>(() => settings.Refused.Check(Stops.Loads)).Fields);
    }

    [Theory]
    [InlineData("DESTINATION__FILESYSTEM__READ_ONLY", "false")]
    [InlineData("DESTINATION__FILESYSTEM__KWARGS", """{"use_ssl":true,"anon":false}""")]
    [InlineData("DESTINATION__FILESYSTEM__CLIENT_KWARGS", """{"verify":true}""")]
    [InlineData("DESTINATION__ATHENA__INFO_TABLES_QUERY_THRESHOLD", "90")]
    [InlineData("DESTINATION__ATHENA__STAGING_DATASET_NAME_LAYOUT", "%s_staging")]
    [InlineData("DESTINATION__ATHENA__LAKEFORMATION_CONFIG", "{}")]
    [InlineData("DESTINATION__ATHENA__LAKEFORMATION_CONFIG", """{"enabled":false}""")]
    [InlineData("DESTINATION__ATHENA__LAKEFORMATION_CONFIG__ENABLED", "false")]
    [InlineData("DESTINATION__FILESYSTEM__KWARGS", """{"use_listings_cache":false}""")]
    [InlineData("DESTINATION__FILESYSTEM__KWARGS", """{"use_listings_cache":"false","s3_additional_kwargs":{}}""")]
    [InlineData("DESTINATION__ATHENA__CONNECTION_PARAMS", """{"result_reuse_enable":false,"region_name":null}""")]
    public void A_setting_with_its_default_value_gives_no_warning(string variable, string value)
    {
        Resolve((variable, value)).Refused.Check(Stops.Loads | Stops.Queries | Stops.Tables);
        Assert.Empty(_warnings);
    }

    [Theory]
    [InlineData(
        "DESTINATION__FILESYSTEM__KWARGS",
        """{"max_concurrency":5}""",
        "'destination.filesystem.kwargs.max_concurrency' (Environment Variables) has no effect: "
        + "it tunes Python's s3fs, which does not run here.")]
    [InlineData(
        "DESTINATION__ATHENA__CONNECTION_PARAMS",
        """{"arraysize":5}""",
        "'destination.athena.connection_params.arraysize' (Environment Variables) has no effect: "
        + "it tunes Python's driver, which does not run here.")]
    public void A_harmless_option_gives_a_warning_without_the_reason_of_a_refusal(string variable, string value, string warning)
    {
        Resolve((variable, value)).Refused.Check(Stops.Loads | Stops.Queries | Stops.Tables);
        Assert.Equal(warning, Assert.Single(_warnings));
    }

    [Theory]
    [InlineData("[destination.athena]\nread_only = true", "destination.athena.read_only", "destination.filesystem.read_only")]
    [InlineData("[destination.filesystem]\nread-only = true", "destination.filesystem.read-only", "destination.filesystem.read_only")]
    [InlineData("[destination.filesystem]\nreadOnly = true", "destination.filesystem.readOnly", "destination.filesystem.read_only")]
    [InlineData("[destination.filesystem.credentials]\nread_only = true", "destination.filesystem.credentials.read_only",
        "destination.filesystem.read_only")]
    [InlineData("[pipe.destination.athena]\nread_only = true", "pipe.destination.athena.read_only", "destination.filesystem.read_only")]
    [InlineData("[destination.athena]\nkwargs = { anon = true }", "destination.athena.kwargs", "destination.filesystem.kwargs")]
    public void A_setting_in_a_wrong_place_stops_the_load_as_in_the_right_one(string toml, string name, string right)
    {
        _folder.Write(".dlt/secrets.toml", toml);
        var error = Assert.Throws<ConfigurationException>(() => Resolve().Refused.Check(Stops.Loads));
        Assert.Equal([name], error.Fields);
        Assert.Contains($"'{name}' ", error.Message, StringComparison.Ordinal);
        Assert.Contains($"elongs to {right}", error.Message, StringComparison.Ordinal);
        Assert.Empty(_warnings);
    }

    [Fact]
    public void A_variable_with_the_wrong_section_stops_the_load_as_in_the_right_one()
    {
        var variables = new Dictionary<string, string>
        { ["DESTINATION__ATHENA__READ_ONLY"] = "true", ["DESTINATION__FILESYSTEM__BUCKET_URL"] = "s3://b" };
        var configuration = DltConfiguration.Load(
            new RunContext(_folder.Path, _folder.File("global"), name => variables.GetValueOrDefault(name))
            { EnvironmentNames = variables.Keys });
        foreach (var isLocal in new[] { true, false })
        {
            var error = Assert.Throws<ConfigurationException>(() => AthenaSettings.Resolve(configuration, "pipe", _warnings.Add, isLocal)
                .Refused.Check(Stops.Loads));
            Assert.Contains(
                "'DESTINATION__ATHENA__READ_ONLY' has no effect there. It belongs to destination.filesystem.read_only.", error.Message,
                StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("[destination.athena]\nlayout = \"x\"", "'destination.athena.layout' is not a setting and has no effect. It belongs "
        + "to destination.filesystem.layout.")]
    [InlineData("[destination.athena]\nread_only = false", "'destination.athena.read_only' is not a setting and has no effect. It "
        + "belongs to destination.filesystem.read_only.")]
    [InlineData("[destination.athena]\nregion_name = \"x\"",
        "It belongs to destination.athena.credentials.region_name or destination.filesystem.credentials.region_name.")]
    [InlineData("[destination.athena]\nhorses = 3", "'destination.athena.horses' is not a setting and has no effect.")]
    public void A_harmless_setting_in_a_wrong_place_gives_a_warning_with_the_right_one(string toml, string end)
    {
        _folder.Write(".dlt/secrets.toml", toml);
        Resolve().Refused.Check(Stops.Loads | Stops.Queries | Stops.Tables);
        Assert.EndsWith(end, Assert.Single(_warnings), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("DESTINATION__FILESYSTEM__CREDENTIALS")]
    [InlineData("DESTINATION__ATHENA__CREDENTIALS")]
    public void Credentials_in_any_other_text_are_refused_on_a_local_account_too(string variable)
    {
        var error = Assert.Throws<ConfigurationException>(() => ResolveLocal((variable, "AKIA:HUSH")));
        Assert.Contains(variable, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("HUSH", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Settings_of_places_on_AWS_may_be_placeholders_on_a_local_account()
    {
        _folder.Write(".dlt/secrets.toml", """
            [destination.filesystem]
            bucket_url = "s3://[your_bucket_name]"
            [destination.filesystem.credentials]
            aws_access_key_id = "<configure me>"
            aws_secret_access_key = "<configure me>"
            [destination.athena]
            credentials = "<configure me>"
            """);
        ResolveLocal().Refused.Check(Stops.Loads);
        Assert.Empty(_warnings);
    }

    [Fact]
    public void Settings_that_stop_a_load_on_AWS_only_give_one_warning_on_a_local_account()
    {
        ResolveLocal(
            ("DESTINATION__FILESYSTEM__KWARGS", """{"ServerSideEncryption":"aws:kms","max_concurrency":5}"""),
            ("DESTINATION__ATHENA__CONNECTION_PARAMS", """{"region_name":"x"}""")).Refused.Check(Stops.Loads);
        var warning = Assert.Single(_warnings);
        foreach (var name in new[]
        { "destination.filesystem.kwargs.ServerSideEncryption", "destination.athena.connection_params.region_name" })
            Assert.Contains($"'{name}' (Environment Variables)", warning, StringComparison.Ordinal);
        Assert.EndsWith(" have no effect on a local account, and stop the load on AWS.", warning, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("connection_params = { aws_secret_access_key = \"HUSH\" }\nconn_properties = { aws_secret_access_key = \"OTHER\" }",
        "'connection_params' and 'conn_properties'")]
    [InlineData("workgroup = \"HUSH\"\nathena_work_group = \"OTHER\"", "'athena_work_group' and 'workgroup'")]
    public void A_warning_about_names_that_mean_the_same_shows_no_value(string lines, string names)
    {
        _folder.Write(".dlt/secrets.toml", "[destination.athena]\n" + lines);
        Resolve();
        Assert.Contains(names, Assert.Single(_warnings), StringComparison.Ordinal);
        Assert.DoesNotContain(_warnings, w => w.Contains("HUSH", StringComparison.Ordinal)
            || w.Contains("OTHER", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("[destination.athena]\nforce_icebreg = true", "destination.athena.force_icebreg", "force_iceberg")]
    [InlineData("[destination.athena.credentials]\nregoin_name = \"x\"", "destination.athena.credentials.regoin_name", "region_name")]
    [InlineData("[destination.athena.lakeformation_config]\nenbled = true", "destination.athena.lakeformation_config.enbled", "enabled")]
    [InlineData("[destination.filesystem]\nlayuot = \"x\"", "destination.filesystem.layuot", "layout")]
    [InlineData("[pipe.destination.filesystem]\nlayuot = \"x\"", "pipe.destination.filesystem.layuot", "layout")]
    [InlineData("[destination.athena_prod]\nforce_iceberg = true", "destination.athena_prod", "athena")]
    [InlineData("[destination.atena]\nforce_iceberg = true", "destination.atena", "athena")]
    [InlineData("[destination.athna]\nforce_iceberg = true", "destination.athna", "athena")]
    public void An_unknown_name_is_reported_with_the_nearest_known_one(string toml, string name, string nearest)
    {
        _folder.Write(".dlt/secrets.toml", toml);
        Resolve();
        Assert.Contains($"{_folder.File(".dlt/secrets.toml")}: '{name}' is not a se", Assert.Single(_warnings), StringComparison.Ordinal);
        Assert.EndsWith($"'{nearest}'.", _warnings[0], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("team", "\"x\"", "s3://b/ds/items/x/1.0.f.parquet")]
    [InlineData("team", "\"a/b\"", "s3://b/ds/items/a/b/1.0.f.parquet")]
    [InlineData("team", "7", "s3://b/ds/items/7/1.0.f.parquet")]
    [InlineData("team", "2031-05-06", "s3://b/ds/items/2031-05-06/1.0.f.parquet")]
    public void A_layout_may_use_placeholders_of_its_own(string name, string value, string key)
    {
        _folder.Write(".dlt/config.toml", "[destination.filesystem]\nlayout = "
            + $"\"{{table_name}}/{{{name}}}/{{load_id}}.{{file_id}}.{{ext}}\"\nextra_placeholders = {{ {name} = {value} }}\n");
        Assert.Equal(key, "s3://b/ds/" + Resolve().Layout.PathOf(new("items", "f", 0, "parquet"), "s", "1.0", DateTimeOffset.UnixEpoch));
        Assert.Empty(_warnings);
    }

    [Theory]
    [InlineData("extra_placeholders = { file_id = \"x\" }")]
    [InlineData("extra_placeholders = { team = \"../x\" }")]
    [InlineData("extra_placeholders = { team = \"\" }")]
    [InlineData("extra_placeholders = { team = [1] }")]
    [InlineData("current_datetime = \"soon\"")]
    public void A_placeholder_that_would_lose_files_is_refused(string line)
    {
        _folder.Write(".dlt/config.toml", "[destination.filesystem]\n" + line);
        var error = Assert.Throws<ConfigurationException>(() => Resolve());
        Assert.Contains(line[..line.IndexOf(' ')], error.Message, StringComparison.Ordinal);
        Assert.Contains("Nothing was run", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_layout_of_the_staging_datasets_name_is_obeyed_without_a_warning()
    {
        Assert.Equal("%s_tmp", Resolve(("DESTINATION__ATHENA__STAGING_DATASET_NAME_LAYOUT", "%s_tmp"),
            ("DESTINATION__ATHENA__FORCE_ICEBERG", "true")).StagingDatasetNameLayout);
        Assert.Empty(_warnings);
    }

    [Fact]
    public void An_invalid_bucket_is_named_without_its_secrets() =>
        Assert.DoesNotContain("HUSH",
            Assert.Throws<ConfigurationException>(() => Resolve(("DESTINATION__FILESYSTEM__BUCKET_URL", "https://user:HUSH@host/x?y=HUSH")))
            .ToString(), StringComparison.Ordinal);

    private Dlt.Aws.AwsCredentialOptions Read((string, string)[] environment) =>
        AwsCredentialSettings.ReadAthena(Some.Configuration(_folder.Path, environment), DestinationBlocks.Default);

    private AthenaSettings ResolveLocal(params (string, string)[] environment) =>
        AthenaSettings.Resolve(Some.Configuration(_folder.Path, environment), "pipe", _warnings.Add, isLocal: true);

    private AthenaSettings Resolve(params (string, string)[] environment) =>
        AthenaSettings.Resolve(
            Some.Configuration(_folder.Path, [("BUCKET_URL", "s3://b"), .. environment]), "pipe", _warnings.Add, isLocal: false);
}
