using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using Dlt.Tests.Support;

namespace Dlt.Tests.Aws.Credentials;

/// <summary>
/// The settings files of the README and of the documentation page work as printed. The command runs in a separate process with the
/// region, login and endpoint_url of the test only.
/// </summary>
public sealed partial class AwsLoginTests : IDisposable
{
    private const string Bucket = "s3://login-lake";

    private readonly TempFolder _folder = new();
    private readonly string _id = Guid.NewGuid().ToString("N")[..8];

    public void Dispose() => _folder.Dispose();

    [Theory, Scenario("T-11"), InlineData("README.md"), InlineData("src/Dlt.Cli/Templates/secrets.toml")]
    public async Task The_settings_file_as_printed_loads_with_nothing_but_its_values_filled_in(string page)
    {
        await using var aws = await RecorderAsync();
        var text = await File.ReadAllTextAsync(Path.Combine(Tool.Repository, page), TestContext.Current.CancellationToken);
        if (page == "README.md") text = Toml().Match(text[text.IndexOf("## On AWS", StringComparison.Ordinal)..]).Groups[1].Value;
        Assert.DoesNotContain("endpoint_url", text, StringComparison.Ordinal);
        _folder.Write(".dlt/secrets.toml", Filled(text));
        (await LoadAsync(("AWS_ENDPOINT_URL", aws.Url))).Succeeded();
        Assert.Equal([("AKPRINTED", "eu-central-1", "glue"), ("AKPRINTED", "eu-central-1", "s3")], aws.Calls.Distinct().Order());
    }

    [Theory, Scenario("X-02")]
    [InlineData("aws_profile = \"ci\"", "AKCI", "eu-north-1")]
    [InlineData("profile_name = \"ci\"", "AKCI", "eu-north-1")]
    [InlineData("", "AKDEFAULT", "eu-west-2")]
    public async Task A_profile_signs_and_gives_the_region(string line, string key, string region)
    {
        await using var aws = await RecorderAsync();
        WriteProfiles();
        Write(line, line);
        (await LoadAsync(("AWS_ENDPOINT_URL", aws.Url))).Succeeded();
        Assert.Equal([(key, region, "glue"), (key, region, "s3")], aws.Calls.Distinct().Order());
    }

    [Fact]
    public async Task A_profile_without_a_region_signs_for_the_region_of_the_other_profile()
    {
        await using var aws = await RecorderAsync();
        WriteProfiles();
        Write("profile_name = \"store\"", "profile_name = \"ci\"");
        (await LoadAsync(("AWS_ENDPOINT_URL", aws.Url))).Succeeded();
        Assert.Equal([("AKCI", "eu-north-1", "glue"), ("AKSTORE", "eu-north-1", "s3")], aws.Calls.Distinct().Order());
    }

    [Fact]
    public async Task A_profile_of_one_block_gives_the_other_its_region_but_not_its_login_and_a_warning_says_so()
    {
        await using var aws = await RecorderAsync();
        WriteProfiles();
        Write("", "aws_profile = \"ci\"");
        var load = await LoadAsync(("AWS_ENDPOINT_URL", aws.Url));
        load.Succeeded();
        Assert.Equal([("AKCI", "eu-north-1", "glue"), ("AKDEFAULT", "eu-north-1", "s3")], aws.Calls.Distinct().Order());
        Assert.Contains(
            "[destination.filesystem.credentials] names no login, so S3 is signed with the default chain", load.Error,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_variables_of_single_services_win_over_that_of_all()
    {
        await using var aws = await RecorderAsync();
        await using var other = await RecorderAsync();
        WriteProfiles();
        Write("", "");
        (await LoadAsync(("AWS_ENDPOINT_URL", "http://127.0.0.1:1"), ("AWS_ENDPOINT_URL_S3", aws.Url),
            ("AWS_ENDPOINT_URL_GLUE", other.Url))).Succeeded();
        Assert.Equal(["s3"], aws.Calls.Select(c => c.Service).Distinct());
        Assert.Equal(["glue"], other.Calls.Select(c => c.Service).Distinct());
    }

    [Theory, Scenario("T-10")]
    [InlineData("aws_profile = \"nosuch\"", "There is no AWS profile 'nosuch'", "'destination.athena.credentials.aws_profile'",
        "home/.aws/credentials")]
    [InlineData("aws_profile = \"empty\"", "The AWS profile 'empty'", "has no keys", "'destination.athena.credentials.aws_profile'")]
    [InlineData("aws_profile = \"orphan\"", "source_profile 'gone'", "'destination.athena.credentials.aws_profile'",
        "home/.aws/credentials")]
    [InlineData("aws_profile = \"sso\"", "has expired", "'destination.athena.credentials.aws_profile'", "aws sso login --profile sso")]
    [InlineData("aws_profile = \"nosession\"", "sso_session [nope]", "'destination.athena.credentials.aws_profile'",
        "home/.aws/config")]
    [InlineData("aws_access_key_id = \"AK\"", "destination.athena.credentials.aws_secret_access_key", "aws_access_key_id is set",
        "[destination.athena.credentials]")]
    [InlineData("aws_session_token = \"HUSH\"", "'destination.athena.credentials.aws_session_token'", "is set without keys",
        "[destination.athena.credentials]")]
    [InlineData("aws_access_key_id = \"AK\"\naws_secret_access_key = \"HUSH\"", "No AWS region is set",
        "region_name in [destination.athena.credentials]", "AWS_REGION")]
    [InlineData("aws_access_key_id = \"AK\"\naws_secret_access_key = \"HUSH\"\nregion_name = \"Frankfurt am Main\"",
        "not the name of an AWS region", "[destination.athena.credentials]", "eu-central-1")]
    [InlineData("region_name = \"eu-central-1\"", "No AWS credentials were found",
        "aws_secret_access_key in [destination.athena.credentials]", "home/.aws/credentials")]
    public async Task An_impossible_login_is_an_error_with_block_key_and_file_before_anything_is_run(string lines, params string[] said)
    {
        var calls = 0;
        await using var server = new LoopbackServer((_, _) => Task.FromResult(calls++));
        if (lines.StartsWith("aws_profile", StringComparison.Ordinal)) WriteProfiles();
        Write(lines, lines);
        var load = await LoadAsync(("AWS_ENDPOINT_URL", server.Url));
        Assert.Equal(1, load.ExitCode);
        foreach (var part in said.Append("Nothing was run").Append(_folder.File(".dlt", "secrets.toml"))
            .Where(p => p != "Nothing was run" || !lines.Contains("sso", StringComparison.Ordinal)))
            Assert.Contains(part, load.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("HUSH", load.Error, StringComparison.Ordinal);
        Assert.Equal(0, calls);
    }

    [Theory]
    [InlineData("command", "Run the command credential_process of the profile 'command'")]
    [InlineData("web", "Check the file /nowhere/token (web_identity_token_file of the profile 'web')")]
    public async Task A_profile_that_fails_is_mended_where_it_gets_its_keys_from(string profile, string remedy)
    {
        WriteProfiles();
        var lines = $"profile_name = \"{profile}\"\nregion_name = \"eu-north-1\"";
        Write(lines, lines);
        var load = await LoadAsync();
        Assert.Equal(1, load.ExitCode);
        Assert.Contains(remedy, load.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("sso", load.Error, StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("AWS_ENDPOINT_URL", "127.0.0.1:9000", "the environment variable AWS_ENDPOINT_URL.")]
    [InlineData("AWS_ENDPOINT_URL_S3", "localhost:9000", "the environment variable AWS_ENDPOINT_URL_S3.")]
    [InlineData("DESTINATION__FILESYSTEM__CREDENTIALS__ENDPOINT_URL", "localhost:9000",
        "DESTINATION__FILESYSTEM__CREDENTIALS__ENDPOINT_URL.")]
    public async Task An_endpoint_without_a_scheme_is_an_error_that_names_its_place(string variable, string url, string place)
    {
        WriteProfiles();
        Write("", "");
        var load = await LoadAsync(("AWS_ENDPOINT_URL", "http://127.0.0.1:1"), (variable, url));
        Assert.Equal(1, load.ExitCode);
        Assert.Contains($"'{url}' is not a URL with http:// or https://. Nothing was run.", load.Error, StringComparison.Ordinal);
        Assert.Contains(place, load.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_missing_profile_of_AWS_PROFILE_is_reported()
    {
        WriteProfiles();
        Write("", "");
        var load = await LoadAsync(("AWS_PROFILE", "nosuch"));
        Assert.Equal(1, load.ExitCode);
        Assert.Contains("There is no AWS profile 'nosuch'", load.Error, StringComparison.Ordinal);
        Assert.Contains("AWS_PROFILE", load.Error, StringComparison.Ordinal);
    }

    [Theory, InlineData("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"), InlineData("AWS_SECRET_ACCESS_KEY", "AWS_ACCESS_KEY_ID")]
    public async Task Half_a_pair_of_variables_does_not_sign_in_as_somebody_else(string there, string lacking)
    {
        WriteProfiles();
        Write("", "");
        var load = await LoadAsync((there, "HUSH"));
        Assert.Equal(1, load.ExitCode);
        Assert.Contains($"{there} is set without {lacking}. Nothing was run.", load.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("HUSH", load.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("s3", "ExpiredToken", "session has expired")]
    [InlineData("s3", "InvalidAccessKeyId", "does not know the access key")]
    [InlineData("s3", "SignatureDoesNotMatch", "aws_secret_access_key does not match")]
    [InlineData("glue", "ExpiredTokenException", "session has expired")]
    [InlineData("glue", "UnrecognizedClientException", "does not know the access key")]
    public async Task A_login_that_a_service_refuses_names_block_key_and_file(string service, string code, string said)
    {
        var moto = await Moto.UrlAsync();
        await Moto.CreateBucketAsync(moto, Bucket["s3://".Length..]);
        await using var refusing = new LoopbackServer((call, _) => RefuseAsync(call, code));
        const string keys = "aws_access_key_id = \"AK\"\naws_secret_access_key = \"HUSH\"\naws_session_token = \"HUSHED\"\n";
        Write(keys, keys + "region_name = \"eu-central-1\"");
        var load = await LoadAsync(("AWS_ENDPOINT_URL", moto), ($"AWS_ENDPOINT_URL_{service.ToUpperInvariant()}", refusing.Url));
        Assert.Equal(1, load.ExitCode);
        var block = service == "s3" ? "filesystem" : "athena";
        var place = $"'destination.{block}.credentials.aws_session_token' in {_folder.File(".dlt", "secrets.toml")}";
        foreach (var part in new[] { said, code, place })
            Assert.Contains(part, load.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("HUSH", load.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Loads_need_no_permission_that_the_policy_of_the_docs_does_not_give()
    {
        await using var aws = await RecorderAsync();
        WriteProfiles();
        Write("", "");
        foreach (var run in new[] { "--replace", "--quiet", "--replace" }) (await LoadAsync("allowed", [run],
            ("AWS_ENDPOINT_URL", aws.Url))).Succeeded();
        (await LoadAsync("allowed_too", ["--quiet"], ("AWS_ENDPOINT_URL", aws.Url), ("DESTINATION__ATHENA__FORCE_ICEBERG", "true")))
            .Succeeded();
        var page = await File.ReadAllTextAsync(Path.Combine(Tool.Repository, "docs", "configuration.md"),
            TestContext.Current.CancellationToken);
        var policy = Policy().Match(page[page.IndexOf("## Permissions", StringComparison.Ordinal)..]).Groups[1].Value;
        var allowed = Dlt.Json.JsonParser.Parse(policy)["Statement"]!.Items.SelectMany(s => s["Action"]!.Items).Select(a => a.AsString())
            .ToHashSet();
        Assert.Contains("glue:CreateTable", aws.Actions);
        Assert.Subset(allowed, aws.Actions.ToHashSet());
    }

    private static async Task RefuseAsync(HttpListenerContext call, string code)
    {
        call.Response.StatusCode = 400;
        if (call.Request.HttpMethod == "HEAD") return;
        await LoopbackServer.WriteAsync(call, call.Request.Headers["X-Amz-Target"] is null
            ? $"<?xml version=\"1.0\"?><Error><Code>{code}</Code><Message>No.</Message></Error>"
            : $$"""{"__type":"{{code}}","message":"No."}""");
    }

    private static async Task<AwsRecorder> RecorderAsync()
    {
        var url = await Moto.UrlAsync();
        await Moto.CreateBucketAsync(url, Bucket["s3://".Length..]);
        return new(url);
    }

    /// <summary>Replaces the placeholders of keys and buckets, as a user does with the printed file.</summary>
    private static string Filled(string text) => text
        .Replace("s3://my-lake-results", Bucket, StringComparison.Ordinal).Replace("s3://my-lake", Bucket, StringComparison.Ordinal)
        .Replace("s3://[your_bucket_name]", Bucket, StringComparison.Ordinal)
            .Replace("s3://[results_bucket_name]", Bucket, StringComparison.Ordinal)
        .Replace("region_name = \"please set me up!\"", "region_name = \"eu-central-1\"", StringComparison.Ordinal)
        .Replace("…", "AKPRINTED", StringComparison.Ordinal).Replace("please set me up!", "AKPRINTED", StringComparison.Ordinal);

    private void Write(string filesystem, string athena) => _folder.Write(
        ".dlt/secrets.toml",
        $"[destination.filesystem]\nbucket_url = \"{Bucket}\"\n"
            + $"[destination.filesystem.credentials]\n{filesystem}\n[destination.athena.credentials]\n{athena}\n");

    private void WriteProfiles()
    {
        _folder.Write(
            "home/.aws/config",
            """
            [default]
            region = eu-west-2
            [profile ci]
            region = eu-north-1
            [profile empty]
            region = eu-north-1
            [profile orphan]
            role_arn = arn:aws:iam::111122223333:role/x
            source_profile = gone
            region = eu-north-1
            [profile nosession]
            sso_session = nope
            sso_account_id = 111122223333
            sso_role_name = reader
            region = eu-north-1
            [profile command]
            credential_process = /nowhere/keys
            [profile web]
            role_arn = arn:aws:iam::111122223333:role/x
            web_identity_token_file = /nowhere/token
            [profile sso]
            sso_start_url = https://example.awsapps.com/start
            sso_region = eu-north-1
            sso_account_id = 111122223333
            sso_role_name = reader
            region = eu-north-1

            """);
        _folder.Write(
            "home/.aws/credentials",
            "[default]\naws_access_key_id = AKDEFAULT\naws_secret_access_key = SK\n"
            + "[ci]\naws_access_key_id = AKCI\naws_secret_access_key = SK\n"
            + "[store]\naws_access_key_id = AKSTORE\naws_secret_access_key = SK\n");
        var name = Convert.ToHexStringLower(System.Security.Cryptography.SHA1.HashData(
            Encoding.UTF8.GetBytes("https://example.awsapps.com/start")));
        _folder.Write(
            $"home/.aws/sso/cache/{name}.json",
            """{"startUrl":"https://example.awsapps.com/start","accessToken":"t","expiresAt":"2020-01-01T00:00:00Z"}""");
    }

    private Task<ToolResult> LoadAsync(params (string Name, string? Value)[] environment) => LoadAsync("login", [], environment);

    /// <param name="name">Beginning of the dataset's name; tests share the account.</param>
    /// <param name="options">Options of the command.</param>
    /// <param name="environment">Variables.</param>
    private Task<ToolResult> LoadAsync(string name, string[] options, params (string Name, string? Value)[] environment)
    {
        _folder.Write("people.jsonl", """{"id":1,"name":"a"}""");
        return Tool.RunAsync(
            "dotnet", ["exec", Path.Combine(AppContext.BaseDirectory, "Dlt.Cli.dll"), "load", "people.jsonl", "--dataset", name + _id,
                "--table", "people", .. options], _folder.Path,
            CleanEnvironment.Of(_folder, environment));
    }

    [GeneratedRegex("```json\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Policy();

    [GeneratedRegex("```toml\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Toml();
}
