using System.Collections.Concurrent;
using Amazon.Runtime;
using Dlt.Aws;
using Dlt.Destinations.Settings;
using Dlt.Internal;
using Dlt.Tests.Support;

namespace Dlt.Tests.AthenaDestination.Settings;

/// <summary>Time limits, attempts and connections of <c>config_kwargs</c> reach the client for S3.</summary>
public sealed class ConnectionSettingsTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly List<string> _warnings = [];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("{ total_max_attempts = 3 }", 3)]
    [InlineData("{ max_attempts = 1, mode = \"standard\" }", 2)]
    [InlineData("{ max_attempts = 0 }", 1)]
    [InlineData("{ total_max_attempts = 2, max_attempts = 7 }", 2)]
    public async Task A_call_has_the_attempts_of_the_settings(string retries, int attempts)
    {
        var asked = new ConcurrentQueue<string>();
        await using var server = new LoopbackServer(async (call, n) =>
        {
            if (call.Request.Url!.AbsolutePath.EndsWith("/object", StringComparison.Ordinal)) asked.Enqueue(call.Request.HttpMethod);
            call.Response.StatusCode = n == 1 ? 404 : 503;
            await LoopbackServer.WriteAsync(call, n == 1
                ? "<Error><Code>NoSuchKey</Code><Message>None</Message></Error>"
                : "<Error><Code>SlowDown</Code><Message>Please reduce your request rate.</Message></Error>");
        });
        await using var account = Open(server.Url, $"retries = {retries}");
        Assert.Null(await account.Objects.TryReadAsync(new("lake", "first"), Cancellation));   // the service has answered
        await Assert.ThrowsAnyAsync<DltException>(() => account.Objects.TryReadAsync(new("lake", "object"), Cancellation));
        Assert.Equal(attempts, asked.Count);
    }

    [Fact]
    public async Task An_answer_that_is_later_than_read_timeout_is_asked_for_again()
    {
        var end = new TaskCompletionSource();
        await using var server = new LoopbackServer(async (call, n) =>
        {
            if (n == 1)
            {
                await end.Task;   // never in time
                return;
            }

            await LoopbackServer.WriteAsync(call, "content");
        });
        await using var account = Open(server.Url, "read_timeout = 3");
        Assert.Equal("content"u8.ToArray(), (await account.Objects.TryReadAsync(new("lake", "object"), Cancellation))!.Content);
        end.SetResult();
        Assert.Equal(2, server.Calls);
    }

    [Fact]
    public void Limits_of_connections_and_the_name_of_the_program_are_those_of_the_client()
    {
        const string settings = "connect_timeout = 3\nmax_pool_connections = 4\nuser_agent_appid = \"nightly\"\n"
            + "request_checksum_calculation = \"when_supported\"\nresponse_checksum_validation = \"when_required\"";
        var login = AwsLogin.Resolve(Moto.Credentials("http://127.0.0.1:1"));
        using var client = new S3Client(login, options: Resolve("http://x", settings).Storage);
        var config = (ClientConfig)client.Config;
        Assert.Equal((TimeSpan.FromSeconds(3), 4, "nightly"), (config.ConnectTimeout, config.MaxConnectionsPerServer, config.ClientAppId));
        Assert.Equal(
            (RequestChecksumCalculation.WHEN_SUPPORTED, ResponseChecksumValidation.WHEN_REQUIRED),
            (config.RequestChecksumCalculation, config.ResponseChecksumValidation));
        Assert.Empty(_warnings);
    }

    [Fact]
    public void A_read_timeout_longer_than_that_of_a_first_call_wins()
    {
        var endpoint = new ServiceEndpoint("S3", RetryWaits.Silent);
        endpoint.SetAttemptLimit(TimeSpan.FromSeconds(2));
        Assert.Equal(TimeSpan.FromSeconds(7.5), endpoint.FirstCallLimit);
        endpoint.SetAttemptLimit(TimeSpan.FromMinutes(5));
        Assert.Equal(TimeSpan.FromMinutes(5), endpoint.FirstCallLimit);
    }

    private AwsAccount Open(string url, string config) =>
        AwsAccount.Open(Resolve(url, config).ToAccountOptions(), new(new NoWaits(), _warnings.Add));

    private AthenaSettings Resolve(string url, string config)
    {
        _folder.Write(".dlt/secrets.toml", $"""
            [destination.filesystem]
            bucket_url = "s3://lake"
            [destination.filesystem.config_kwargs]
            {config}
            [destination.filesystem.credentials]
            aws_access_key_id = "AK"
            aws_secret_access_key = "SK"
            region_name = "{Moto.Region}"
            endpoint_url = "{url}"
            [destination.athena.credentials]
            aws_access_key_id = "AK"
            aws_secret_access_key = "SK"
            """);
        return AthenaSettings.Resolve(Some.Configuration(_folder.Path), "pipe", _warnings.Add, isLocal: false);
    }
}
