using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Dlt.Tests.Support;

namespace Dlt.Tests.Aws.Credentials;

/// <summary>
/// Profiles of IAM Identity Center sign loads with the token that <c>aws sso login</c> has stored. The portal is a server on loopback.
/// </summary>
public sealed class SsoLoginTests : IDisposable
{
    private const string Bucket = "sso-logins";
    private const string StartUrl = "https://example.awsapps.com/start";

    private readonly TempFolder _folder = new();
    private readonly ConcurrentQueue<string> _asked = new();

    public void Dispose() => _folder.Dispose();

    [Theory, InlineData(false), InlineData(true)]
    public async Task A_stored_token_is_exchanged_for_keys_that_sign_the_load(bool hasSession)
    {
        var moto = await Moto.UrlAsync();
        await Moto.CreateBucketAsync(moto, Bucket);
        await using var aws = new AwsRecorder(moto);
        await using var portal = Portal();
        WriteProfile(hasSession, "2100-01-01T00:00:00Z");
        (await LoadAsync(aws.Url, portal.Url)).Succeeded();
        Assert.Equal([("SSOKEY", "glue"), ("SSOKEY", "s3")], aws.Calls.Select(c => (c.Key, c.Service)).Distinct().Order());
        Assert.Equal("token-1 111122223333 reader", Assert.Single(_asked.Distinct()));
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task An_expired_token_is_an_error_with_the_command_that_signs_in(bool hasSession)
    {
        await using var aws = new AwsRecorder("http://127.0.0.1:1");
        await using var portal = Portal();
        WriteProfile(hasSession, "2020-01-01T00:00:00Z");
        var load = await LoadAsync(aws.Url, portal.Url);
        Assert.Equal(1, load.ExitCode);
        Assert.Contains("aws sso login --profile team", load.Error, StringComparison.Ordinal);
        Assert.Empty(aws.Calls);
    }

    [Fact]
    public async Task A_token_that_the_portal_refuses_is_an_error_with_the_command_that_signs_in()
    {
        await using var aws = new AwsRecorder("http://127.0.0.1:1");
        await using var portal = new LoopbackServer(async (call, _) =>
        {
            call.Response.StatusCode = 401;
            call.Response.AddHeader("x-amzn-ErrorType", "UnauthorizedException");
            await LoopbackServer.WriteAsync(call, """{"message":"Session token not found or invalid"}""");
        });
        WriteProfile(hasSession: false, "2100-01-01T00:00:00Z");
        var load = await LoadAsync(aws.Url, portal.Url);
        Assert.Equal(1, load.ExitCode);
        Assert.Contains("Session token not found or invalid", load.Error, StringComparison.Ordinal);
        Assert.Contains("aws sso login --profile team", load.Error, StringComparison.Ordinal);
        Assert.Empty(aws.Calls);
    }

    /// <summary>The portal of IAM Identity Center with its operation GetRoleCredentials.</summary>
    private LoopbackServer Portal() => new(async (call, _) =>
    {
        var query = call.Request.QueryString;
        Assert.Equal("/federation/credentials", call.Request.Url!.AbsolutePath);
        _asked.Enqueue($"{call.Request.Headers["x-amz-sso_bearer_token"]} {query["account_id"]} {query["role_name"]}");
        var end = new DateTimeOffset(2100, 1, 1, 0, 0, 0, TimeSpan.Zero).ToUnixTimeMilliseconds();
        var keys = $$"""{"accessKeyId":"SSOKEY","secretAccessKey":"SK","sessionToken":"t","expiration":{{end}} }""";
        await LoopbackServer.WriteAsync(call, $$"""{"roleCredentials":{{keys}} }""");
    });

    private void WriteProfile(bool hasSession, string expires)
    {
        var place = $"sso_start_url = {StartUrl}\nsso_region = eu-north-1\n";
        _folder.Write("home/.aws/config", hasSession
            ? $"[profile team]\nsso_session = corp\nsso_account_id = 111122223333\nsso_role_name = reader\nregion = eu-central-1\n"
                + $"[sso-session corp]\n{place}sso_registration_scopes = sso:account:access\n"
            : $"[profile team]\n{place}sso_account_id = 111122223333\nsso_role_name = reader\nregion = eu-central-1\n");
        var name = Convert.ToHexStringLower(SHA1.HashData(Encoding.UTF8.GetBytes(hasSession ? "corp" : StartUrl)));
        _folder.Write(
            $"home/.aws/sso/cache/{name}.json",
            $$"""{"startUrl":"{{StartUrl}}","region":"eu-north-1","accessToken":"token-1","expiresAt":"{{expires}}"}""");
    }

    private Task<ToolResult> LoadAsync(string aws, string portal)
    {
        _folder.Write(".dlt/secrets.toml", $"""
            [destination.filesystem]
            bucket_url = "s3://{Bucket}"
            [destination.filesystem.credentials]
            profile_name = "team"
            [destination.athena.credentials]
            profile_name = "team"
            """);
        _folder.Write("people.jsonl", """{"id":1,"name":"a"}""");
        var dataset = "sso" + Guid.NewGuid().ToString("N")[..8];
        return Tool.RunAsync(
            "dotnet",
            [
                "exec", Path.Combine(AppContext.BaseDirectory, "Dlt.Cli.dll"), "load", "people.jsonl", "--dataset", dataset,
                "--table", "people",
            ],
            _folder.Path, CleanEnvironment.Of(_folder, ("AWS_ENDPOINT_URL", aws), ("AWS_ENDPOINT_URL_SSO", portal)));
    }
}
