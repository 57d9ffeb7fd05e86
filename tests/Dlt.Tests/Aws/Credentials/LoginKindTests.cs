using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Web;
using Amazon.Runtime;
using Dlt.Aws;
using Dlt.Configuration;
using Dlt.Tests.Support;

namespace Dlt.Tests.Aws.Credentials;

/// <summary>
/// Every kind of login signs the calls of a load: roles, web identity, containers, instances, commands, objects in code. STS and the
/// services of the machine are servers on loopback.
/// </summary>
public sealed class LoginKindTests : IDisposable
{
    private const string Bucket = "login-kinds";
    private const string Role = "arn:aws:iam::111122223333:role/loader";

    private readonly TempFolder _folder = new();
    private readonly ConcurrentQueue<string> _asked = new();
    private readonly string _id = Guid.NewGuid().ToString("N")[..8];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_role_of_the_settings_is_assumed_by_the_keys_beside_it()
    {
        await using var sts = Sts(TimeSpan.FromHours(1));
        await using var aws = await RecorderAsync();
        const string keys = "aws_access_key_id = \"AKBASE\"\naws_secret_access_key = \"SK\"\n";
        var role = keys + $"role_arn = \"{Role}\"\nexternal_id = \"ticket 7\"\nrole_session_name = \"nightly\"\n";
        Write(keys, role + "region_name = \"eu-central-1\"\n");
        (await LoadAsync(("AWS_ENDPOINT_URL", aws.Url), ("AWS_ENDPOINT_URL_STS", sts.Url))).Succeeded();
        Assert.Equal([("AKBASE", "s3"), ("ROLE1", "glue")], aws.Calls.Select(c => (c.Key, c.Service)).Distinct().Order());
        Assert.Equal($"AssumeRole {Role} ticket 7 nightly by AKBASE", Assert.Single(_asked));
    }

    [Fact, Scenario("X-13")]
    public async Task A_role_is_renewed_while_the_load_goes_on()
    {
        await using var sts = Sts(TimeSpan.FromMinutes(1));   // shorter than the time before which it is renewed
        await using var aws = await RecorderAsync();
        var options = Moto.Credentials(sts.Url) with { RoleArn = Role };
        var login = AwsLogin.Resolve(options);
        using var glue = new GlueClient(login with { Options = options with { EndpointUrl = aws.Url } });
        var catalog = new AwsGlueCatalog(glue);
        for (var n = 0; n < 3; n++) Assert.Null(await catalog.GetDatabaseAsync("none", Cancellation));
        Assert.Equal(3, aws.Calls.Select(c => c.Key).Distinct().Count());
        Assert.All(aws.Calls, c => Assert.StartsWith("ROLE", c.Key, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_role_that_may_not_be_assumed_is_named_with_the_right_that_is_missing()
    {
        await using var sts = new LoopbackServer(async (call, _) =>
        {
            call.Response.StatusCode = 403;
            await LoopbackServer.WriteAsync(
                call, "<ErrorResponse><Error><Code>AccessDenied</Code><Message>Not authorized</Message></Error></ErrorResponse>");
        });
        Write("", $"role_arn = \"{Role}\"\nregion_name = \"eu-central-1\"\n");
        var load = await LoadAsync(("AWS_ENDPOINT_URL", sts.Url), ("AWS_ACCESS_KEY_ID", "AK"), ("AWS_SECRET_ACCESS_KEY", "HUSH"));
        Assert.Equal(1, load.ExitCode);
        foreach (var part in new[]
        {
            $"sts:AssumeRole on {Role}", "AWS_ACCESS_KEY_ID", "'destination.athena.credentials.role_arn'", "external_id",
        })
            Assert.Contains(part, load.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("HUSH", load.Error, StringComparison.Ordinal);
    }

    [Theory, InlineData("external_id"), InlineData("role_session_name")]
    public async Task A_setting_of_a_role_without_role_is_refused(string key)
    {
        Write("", $"{key} = \"x\"\nregion_name = \"eu-central-1\"\n");
        var load = await LoadAsync();
        Assert.Equal(1, load.ExitCode);
        Assert.Contains($"'destination.athena.credentials.{key}'", load.Error, StringComparison.Ordinal);
        Assert.Contains("is set without role_arn", load.Error, StringComparison.Ordinal);
    }

    [Theory, Scenario("T-09")]
    [InlineData("web identity")]
    [InlineData("container")]
    [InlineData("instance")]
    [InlineData("command")]
    [InlineData("profile with a role")]
    [InlineData("session token")]
    public async Task A_login_of_the_machine_signs_the_load(string kind)
    {
        await using var machine = Sts(TimeSpan.FromHours(1));
        await using var aws = await RecorderAsync();
        Write("", "region_name = \"eu-central-1\"\n");
        (await LoadAsync([("AWS_ENDPOINT_URL", aws.Url), ("AWS_ENDPOINT_URL_STS", machine.Url), .. VariablesOf(kind, machine.Url)]))
            .Succeeded();
        var expected = kind switch
        {
            "command" => "COMMAND",
            "session token" => "SESSION",
            "container" => "CONTAINER",
            "instance" => "INSTANCE",
            "web identity" => "WEB1",
            _ => "ROLE1",
        };
        Assert.Equal([(expected, "glue"), (expected, "s3")], aws.Calls.Select(c => (c.Key, c.Service)).Distinct().Order());
    }

    [Fact]
    public async Task An_object_of_the_program_signs_for_its_block()
    {
        await using var aws = await RecorderAsync();
        await using var account = AwsAccount.Open(new()
        {
            Credentials = new() { Credentials = new Counting(), RegionName = "eu-central-1", EndpointUrl = aws.Url },
            StorageCredentials = Moto.Credentials(aws.Url),
            BucketUrl = "s3://" + Bucket,
        });
        Assert.Null(await account.Glue.GetDatabaseAsync("none", Cancellation));
        Assert.True(await account.Objects.BucketExistsAsync(Bucket, Cancellation));
        Assert.Equal([("AK", "s3"), ("OBJECT", "glue")], aws.Calls.Select(c => (c.Key, c.Service)).Distinct().Order());
    }

    [Fact]
    public void An_object_beside_keys_is_refused() => Assert.Throws<ConfigurationException>(() =>
        AwsLogin.Resolve(Moto.Credentials("http://127.0.0.1:1") with { Credentials = new Counting() }));

    [Fact]
    public void The_code_of_an_mfa_device_is_asked_for_in_a_terminal()
    {
        using var output = new StringWriter();
        var credentials = WithMfa();
        new LoginPrompts(new StringReader(" 123456 \n"), output, isTerminal: true).AddTo(credentials);
        Assert.Equal("123456", credentials.Options.MfaTokenCodeCallback());
        Assert.Contains("arn:aws:iam::111122223333:mfa/me", output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_terminal_a_login_with_mfa_says_what_to_do()
    {
        var credentials = WithMfa();
        new LoginPrompts(TextReader.Null, TextWriter.Null, isTerminal: false).AddTo(credentials);
        var error = Assert.Throws<ConfigurationException>(() => credentials.Options.MfaTokenCodeCallback());
        Assert.Contains("arn:aws:iam::111122223333:mfa/me", error.Message, StringComparison.Ordinal);
        Assert.Contains("aws configure export-credentials", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_profile_with_mfa_without_a_terminal_stops_the_load_with_words()
    {
        _folder.Write("home/.aws/config", $"""
            [default]
            role_arn = {Role}
            source_profile = base
            mfa_serial = arn:aws:iam::111122223333:mfa/me
            region = eu-central-1

            """);
        _folder.Write("home/.aws/credentials", "[base]\naws_access_key_id = AK\naws_secret_access_key = HUSH\n");
        Write("", "");
        var load = await LoadAsync();
        Assert.Equal(1, load.ExitCode);
        Assert.Contains("needs a code of the MFA device arn:aws:iam::111122223333:mfa/me", load.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("HUSH", load.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_single_sign_on_prints_page_and_code_in_a_terminal_and_only_there()
    {
        using var output = new StringWriter();
        var credentials = new SSOAWSCredentials("111122223333", "eu-central-1", "reader", "https://example.awsapps.com/start");
        new LoginPrompts(TextReader.Null, output, isTerminal: false).AddTo(credentials);
        Assert.False(credentials.Options.SupportsGettingNewToken);
        new LoginPrompts(TextReader.Null, output, isTerminal: true).AddTo(credentials);
        Assert.True(credentials.Options.SupportsGettingNewToken);
        credentials.Options.SsoVerificationCallback(new()
        {
            UserCode = "ABCD-EFGH",
            VerificationUri = "https://device.sso/",
            VerificationUriComplete = "https://device.sso/?user_code=ABCD-EFGH",
        });
        Assert.Contains("https://device.sso/?user_code=ABCD-EFGH", output.ToString(), StringComparison.Ordinal);
    }

    private static AssumeRoleAWSCredentials WithMfa() => new(
        new BasicAWSCredentials("AK", "SK"), Role, "s", new() { MfaSerialNumber = "arn:aws:iam::111122223333:mfa/me" });

    private static async Task<AwsRecorder> RecorderAsync()
    {
        var url = await Moto.UrlAsync();
        await Moto.CreateBucketAsync(url, Bucket);
        return new(url);
    }

    private (string, string?)[] VariablesOf(string kind, string url)
    {
        switch (kind)
        {
            case "web identity":
                _folder.Write("token", "a.b.c");
                return [("AWS_WEB_IDENTITY_TOKEN_FILE", _folder.File("token")), ("AWS_ROLE_ARN", Role), ("AWS_ROLE_SESSION_NAME", "pod")];
            case "container":
                return [("AWS_CONTAINER_CREDENTIALS_FULL_URI", url + "/container"), ("AWS_CONTAINER_AUTHORIZATION_TOKEN", "t")];
            case "instance":
                return [("AWS_EC2_METADATA_DISABLED", null), ("AWS_EC2_METADATA_SERVICE_ENDPOINT", url)];
            case "command":
                _folder.Write("keys.json", """{"Version":1,"AccessKeyId":"COMMAND","SecretAccessKey":"SK","SessionToken":"t"}""");
                _folder.Write("home/.aws/config", $"[default]\ncredential_process = cat {_folder.File("keys.json")}\n");
                return [];
            case "profile with a role":
                _folder.Write("home/.aws/config", $"[default]\nrole_arn = {Role}\nsource_profile = base\nregion = eu-central-1\n");
                _folder.Write("home/.aws/credentials", "[base]\naws_access_key_id = AKBASE\naws_secret_access_key = SK\n");
                return [];
            default:
                return [("AWS_ACCESS_KEY_ID", "SESSION"), ("AWS_SECRET_ACCESS_KEY", "SK"), ("AWS_SESSION_TOKEN", "t")];
        }
    }

    /// <summary>STS, the credentials of a container, and those of an instance. Every role gets new keys: ROLE1, ROLE2, …</summary>
    /// <param name="lasts">How long the keys last.</param>
    private LoopbackServer Sts(TimeSpan lasts)
    {
        var roles = 0;
        return new(async (call, _) =>
        {
            var end = TimeProvider.System.GetUtcNow().Add(lasts).ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
            string Keys(string id) =>
                $$"""{"Code":"Success","AccessKeyId":"{{id}}","SecretAccessKey":"SK","Token":"t","Expiration":"{{end}}"}""";
            switch (call.Request.Url!.AbsolutePath)
            {
                case "/container":
                    await LoopbackServer.WriteAsync(call, Keys("CONTAINER"));
                    return;
                case "/latest/api/token":
                    await LoopbackServer.WriteAsync(call, "token");
                    return;
                case var path when path.StartsWith("/latest/meta-data/iam/", StringComparison.Ordinal):
                    await LoopbackServer.WriteAsync(call, path.EndsWith("/role", StringComparison.Ordinal) ? Keys("INSTANCE")
                        : path.Contains("security-credentials", StringComparison.Ordinal) ? "role" : Keys("INSTANCE"));
                    return;
                case "/":
                    await LoopbackServer.WriteAsync(call, await AnswerAsync(call.Request, Interlocked.Increment(ref roles), end));
                    return;
                default:
                    call.Response.StatusCode = 404;
                    return;
            }
        });
    }

    private async Task<string> AnswerAsync(HttpListenerRequest call, int number, string end)
    {
        using var reader = new StreamReader(call.InputStream);
        var form = HttpUtility.ParseQueryString(await reader.ReadToEndAsync(Cancellation));
        var action = form["Action"]!;
        var by = call.Headers["Authorization"]?.Split("Credential=")[1].Split('/')[0];
        _asked.Enqueue($"{action} {form["RoleArn"]} {form["ExternalId"]} {form["RoleSessionName"]} by {by}");
        var name = action == "AssumeRole" ? "ROLE" : "WEB";
        return $"""
            <{action}Response xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><{action}Result><Credentials>
            <AccessKeyId>{name}{number}</AccessKeyId><SecretAccessKey>SK</SecretAccessKey><SessionToken>t</SessionToken>
            <Expiration>{end}</Expiration></Credentials></{action}Result></{action}Response>
            """;
    }

    private void Write(string filesystem, string athena) => _folder.Write(
        ".dlt/secrets.toml",
        $"[destination.filesystem]\nbucket_url = \"s3://{Bucket}\"\n"
            + $"[destination.filesystem.credentials]\n{filesystem}\n[destination.athena.credentials]\n{athena}\n");

    private Task<ToolResult> LoadAsync(params (string Name, string? Value)[] environment)
    {
        _folder.Write("people.jsonl", """{"id":1,"name":"a"}""");
        return Tool.RunAsync(
            "dotnet", ["exec", Path.Combine(AppContext.BaseDirectory, "Dlt.Cli.dll"), "load", "people.jsonl", "--dataset", "kinds" + _id,
                "--table", "people"], _folder.Path,
            CleanEnvironment.Of(_folder, environment));
    }

    private sealed class Counting : AWSCredentials
    {
        public override ImmutableCredentials GetCredentials() => new("OBJECT", "SK", null);

        public override Task<ImmutableCredentials> GetCredentialsAsync() => Task.FromResult(GetCredentials());
    }
}
