using Dlt.Configuration;
using Dlt.Destinations.Settings;
using Dlt.Tests.Support;

namespace Dlt.Tests.AthenaDestination.Settings;

/// <summary>Settings that are places or names: a wrong one is an error before anything runs, and errors name the section.</summary>
public sealed class SettingPlacesTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly List<string> _warnings = [];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("my-results")]
    [InlineData("/results")]
    [InlineData("https://user:HUSH@host/x")]
    public void A_place_for_results_that_is_not_in_S3_is_refused(string place)
    {
        var error = Assert.Throws<ConfigurationException>(() => Resolve("athena", ("DESTINATION__ATHENA__QUERY_RESULT_BUCKET", place)));
        Assert.StartsWith("destination.athena.query_result_bucket: ", error.Message, StringComparison.Ordinal);
        Assert.EndsWith(" Nothing was run.", error.Message, StringComparison.Ordinal);
        Assert.Equal(["query_result_bucket"], error.Fields);
        Assert.DoesNotContain("HUSH", error.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("s3://results/q/")]
    [InlineData("s3://results")]
    public void A_place_for_results_is_used_as_it_is_written(string place) =>
        Assert.Equal(place, Resolve("athena", ("DESTINATION__ATHENA__QUERY_RESULT_BUCKET", place)).QueryResultBucket);

    [Theory]
    [InlineData("[destination.athena]")]
    [InlineData("[destination.filesystem]")]
    public void A_staging_dataset_without_a_name_is_refused(string section)
    {
        _folder.Write(".dlt/config.toml", $"{section}\nstaging_dataset_name_layout = \"\"\n");
        var error = Assert.Throws<ConfigurationException>(() => Resolve("athena"));
        Assert.StartsWith("staging_dataset_name_layout is empty", error.Message, StringComparison.Ordinal);
        Assert.Contains("such as %s_staging", error.Message, StringComparison.Ordinal);
        Assert.Equal(["staging_dataset_name_layout"], error.Fields);
    }

    [Theory]
    [InlineData("[destination.athena_prod.filesystem]", "[destination.athena_prod.filesystem.credentials]")]
    [InlineData("[destination.filesystem_prod]", "[destination.filesystem_prod.credentials]")]
    [InlineData("[destination.filesystem]", "[destination.filesystem.credentials]")]
    public void A_login_that_no_section_has_belongs_into_the_section_of_the_bucket(string section, string place)
    {
        _folder.Write(".dlt/secrets.toml", $$"""
            [destination.athena_prod]
            destination_type = "athena"
            {{section}}
            bucket_url = "s3://prod"
            [destination.athena_prod.credentials]
            aws_access_key_id = "PROD"
            aws_secret_access_key = "PROD"
            """);
        var settings = Resolve("athena_prod");
        Assert.Equal(place, settings.FilesystemCredentials.Origin.Name);
        Assert.StartsWith($"{place} names no login", LoginMismatch.Warning(settings), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{table_name}/{nothing}.{ext}", "has the unknown placeholder '{nothing}'")]
    [InlineData("{table_name}/{load_id", "has a '{' without '}'")]
    [InlineData("{table_name}/../{file_id}", "has the part '.' or '..'")]
    [InlineData("{load_id}.{file_id}", "does not give every table a folder: {table_name} is missing")]
    public void An_error_of_a_layout_names_the_file_and_the_section(string layout, string reason)
    {
        _folder.Write(".dlt/config.toml", $"[destination.filesystem]\nlayout = \"{layout}\"\n");
        var error = Assert.Throws<ConfigurationException>(() => Resolve("athena"));
        Assert.Contains($"' in config.toml (destination.filesystem.layout) {reason}", error.Message, StringComparison.Ordinal);
        Assert.Equal(["layout"], error.Fields);
    }

    [Theory]
    [InlineData("tags = { domain = \"sales\" }",
        "tags' has no effect, because 'destination.athena.lakeformation_config.enabled' is not set")]
    [InlineData("enabled = true", "enabled' has no effect, because 'destination.athena.lakeformation_config.tags' has no tags")]
    public void Tags_that_are_given_by_half_are_a_warning(string half, string warning)
    {
        _folder.Write(".dlt/config.toml", $"[destination.athena.lakeformation_config]\n{half}\n");
        Resolve("athena");
        Assert.StartsWith($"'destination.athena.lakeformation_config.{warning}", Assert.Single(_warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void A_workgroup_without_a_name_is_none() =>
        Assert.Null(Resolve("athena", ("DESTINATION__ATHENA__ATHENA_WORK_GROUP", "")).WorkGroup);

    private AthenaSettings Resolve(string name, params (string, string)[] environment)
    {
        (string, string)[] bucket = name == "athena" ? [("BUCKET_URL", "s3://b")] : [];
        var configuration = Some.Configuration(_folder.Path, [.. bucket, .. environment]);
        return AthenaSettings.Resolve(configuration, "pipe", _warnings.Add, isLocal: false, new DestinationBlocks(name));
    }
}
