using Dlt.Configuration;
using Dlt.Destinations.Settings;
using Dlt.Destinations;
using Dlt.Sources;
using Dlt.Tests.Support;

namespace Dlt.Tests.AthenaDestination.Settings;

/// <summary>Errors for settings that are missing or were never filled in.</summary>
public sealed class MissingSettingsTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(false, "api_token", "secrets.toml")]
    [InlineData(true, "api_token", "secrets.toml")]
    [InlineData(false, "base_url", "config.toml")]
    public void A_setting_of_a_source_that_is_nowhere_names_first_the_lines_that_set_it_and_no_account(bool hasFile, string name,
        string file)
    {
        if (hasFile) _folder.Write(".dlt/secrets.toml", "[sources.other]\nx = 1\n");
        var error = Assert.Throws<ConfigurationException>(() => new SourceSettings(Some.Configuration(_folder.Path), "shop")
            .Get<string>(name));
        var lines = error.Message.Split('\n');
        Assert.Equal($"Missing 1 setting(s): sources.shop.{name}. Nothing was run.", lines[0]);
        Assert.Equal($"Write into {_folder.File(".dlt", file)}{(hasFile ? "" : " (the file does not exist yet)")}:", lines[1]);
        Assert.Equal(["  [sources.shop]", $"  {name} = \"…\"", $"or set the variable SOURCES__SHOP__{name.ToUpperInvariant()}."],
            lines[2..5]);
        Assert.DoesNotContain("--local", error.Message, StringComparison.Ordinal);
        // As the message asks.
        _folder.Write(".dlt/" + file, string.Join('\n', lines[2..4]).Replace("…", "mine", StringComparison.Ordinal));
        Assert.Equal("mine", new SourceSettings(Some.Configuration(_folder.Path), "shop").Get<string>(name));
    }

    [Fact]
    public void A_secret_of_any_name_belongs_in_the_file_of_secrets() => Assert.Contains(
        $"Write into {_folder.File(".dlt", "secrets.toml")}",
        Assert.Throws<ConfigurationException>(() => new SourceSettings(Some.Configuration(_folder.Path), "shop").GetSecret<string>("pin"))
            .Message, StringComparison.Ordinal);

    [Fact]
    public void A_missing_setting_of_the_destination_names_its_section_and_the_local_account()
    {
        var error = Assert.Throws<ConfigurationException>(() => Resolve());
        Assert.Equal(["bucket_url"], error.Fields);
        Assert.Contains("  [destination.filesystem]\n  bucket_url = \"…\"\n", error.Message, StringComparison.Ordinal);
        Assert.Contains("or add --local to run without an AWS account", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("ClientConfiguration", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_misspelt_section_is_named_with_the_settings_missing_because_of_it()
    {
        _folder.Write(".dlt/secrets.toml", "[destination.filesytem]\nbucket_url = \"s3://b\"\n");
        Assert.Contains("'destination.filesytem' is not a section and has no effect. The nearest one is 'filesystem'.",
            Assert.Throws<ConfigurationException>(() => Resolve()).Message, StringComparison.Ordinal);
    }

    [Theory, InlineData("aws_access_key_id", "aws_secret_access_key"), InlineData("aws_secret_access_key", "aws_access_key_id")]
    public void Half_a_pair_of_keys_names_block_key_and_file(string there, string lacking)
    {
        _folder.Write(".dlt/secrets.toml", $"[destination.filesystem]\nbucket_url = \"s3://b\"\n"
            + $"[destination.filesystem.credentials]\n{there} = \"HUSH\"\n");
        var error = Assert.Throws<ConfigurationException>(() => Resolve());
        foreach (var part in new[] { $"destination.filesystem.credentials.{lacking}", $"{there} is set",
            $"[destination.filesystem.credentials]\n  {lacking} = ", _folder.File(".dlt", "secrets.toml") })
            Assert.Contains(part, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("HUSH", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void All_unfilled_values_of_the_template_are_reported_at_once()
    {
        _folder.Write(".dlt/secrets.toml", File.ReadAllText(Path.Combine(Tool.Repository, "src", "Dlt.Cli", "Templates", "secrets.toml")));
        var error = Assert.Throws<ConfigurationException>(() => Resolve());
        string[] keys =
        [
            "destination.athena.credentials.aws_access_key_id", "destination.athena.credentials.aws_secret_access_key",
                "destination.athena.credentials.region_name",
            "destination.athena.query_result_bucket", "destination.filesystem.bucket_url",
            "destination.filesystem.credentials.aws_access_key_id", "destination.filesystem.credentials.aws_secret_access_key",
        ];
        Assert.Equal(keys, error.Fields.Order(StringComparer.Ordinal));
        foreach (var key in keys) Assert.Contains($"{_folder.File(".dlt", "secrets.toml")}: '{key}' still reads ", error.Message,
            StringComparison.Ordinal);
        Assert.Contains("--local", error.Message, StringComparison.Ordinal);
    }

    [Theory, InlineData("please set me up!"), InlineData("…"), InlineData("...")]
    public void A_placeholder_of_a_source_does_not_concern_the_account(string left)
    {
        _folder.Write(".dlt/secrets.toml", $"[sources.shop]\napi_token = \"{left}\"\n");
        var error = Assert.Throws<ConfigurationException>(() => new SourceSettings(Some.Configuration(_folder.Path), "shop")
            .Get<string>("api_token"));
        Assert.Contains($"{_folder.File(".dlt", "secrets.toml")}: 'sources.shop.api_token' still reads", error.Message,
            StringComparison.Ordinal);
        Assert.DoesNotContain("--local", error.Message, StringComparison.Ordinal);
    }

    private void Resolve() => AthenaSettings.Resolve(Some.Configuration(_folder.Path), "pipe", _ => { }, isLocal: false);
}
