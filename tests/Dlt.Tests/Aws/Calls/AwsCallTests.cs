using System.Net;
using System.Net.Sockets;
using Amazon.Runtime;
using Dlt.Aws;
using Dlt.Internal;
using Dlt.Lake;
using Dlt.Retries;
using Dlt.Storage;
using Dlt.Tests.Support;

namespace Dlt.Tests.Aws.Calls;

/// <summary>How the AWS clients handle a bad network and refusals.</summary>
public sealed class AwsCallTests : IDisposable
{
    private static readonly ObjectLocation Key = new("b", "k");

    private readonly List<string> _said = [];
    private readonly List<IDisposable> _open = [];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _open.ForEach(o => o.Dispose());

    [Fact]
    public async Task A_service_that_refuses_connections_is_given_up_after_a_few_attempts_that_the_error_counts()
    {
        var error = await Assert.ThrowsAsync<FirstCallException>(() =>
            S3("http://127.0.0.1:1", speed: 0).GetAsync(Key, cancellationToken: Cancellation));
        Assert.StartsWith("S3 was not reached for GetObject of s3://b/k: ", error.Message, StringComparison.Ordinal);
        Assert.Matches(@"It was tried 5 times in \d\.\d s at http://127\.0\.0\.1:1\.", error.Message);
    }

    [Fact]
    public async Task A_server_that_accepts_and_never_answers_times_out_and_the_wait_is_reported()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var url = $"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}";
        var error = await Assert.ThrowsAsync<FirstCallException>(() => Glue(url, speed: 10).GetTableAsync("ds", "t", Cancellation));
        Assert.Contains($"It was tried 1 time in ", error.Message, StringComparison.Ordinal);
        Assert.Contains(url, error.Message, StringComparison.Ordinal);
        Assert.StartsWith($"Glue at {url} has not answered GetTable for 2 s", Assert.Single(_said), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_large_upload_to_a_server_that_never_answers_is_given_up_before_it_begins()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var s3 = S3($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}", speed: 10);
        var error = await Assert.ThrowsAsync<FirstCallException>(() =>
            s3.PutAsync(Key, new byte[2 << 20], cancellationToken: Cancellation));
        Assert.Contains("HeadObject", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_service_that_has_answered_gets_the_longer_timeout_and_long_waits_are_reported()
    {
        await using var server = new LoopbackServer((call, n) =>
        {
            call.Response.StatusCode = n is > 1 and < 9 ? 503 : 404;
            return Task.CompletedTask;
        });
        var s3 = S3(server.Url, speed: 0);
        Assert.Null(await s3.HeadAsync(Key, Cancellation));
        Assert.Null(await s3.HeadAsync(Key, Cancellation));
        Assert.Equal(9, server.Calls);
        Assert.Contains(_said, line => line.Contains("did not do GetObjectMetadata", StringComparison.Ordinal)
            && line.Contains("of 10; the next one follows in", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_body_that_is_cut_is_read_once_more()
    {
        await using var server = new LoopbackServer(async (call, n) =>
        {
            if (n == 1) await CutAsync(call);
            else await LoopbackServer.WriteAsync(call, "whole");
        });
        Assert.Equal("whole"u8.ToArray(), await S3(server.Url, speed: 0).GetAsync(Key, cancellationToken: Cancellation));
    }

    [Fact]
    public async Task A_body_that_is_cut_each_time_is_a_transient_error()
    {
        await using var server = new LoopbackServer((call, _) => CutAsync(call));
        var error = await Assert.ThrowsAsync<DltException>(() => S3(server.Url, speed: 0).GetAsync(Key, cancellationToken: Cancellation));
        Assert.True(error.IsTransient);
        Assert.Contains("GetObject of s3://b/k", error.Message, StringComparison.Ordinal);
        Assert.Equal(5, server.Calls);
    }

    [Fact]
    public async Task An_answer_of_glue_that_is_cut_is_read_once_more()
    {
        await using var server = new LoopbackServer(async (call, n) =>
        {
            if (n == 1) await CutAsync(call);
            else await LoopbackServer.WriteAsync(call, """{"Table":{"Name":"t","DatabaseName":"ds"}}""");
        });
        Assert.Equal("t", (await Glue(server.Url, speed: 0).GetTableAsync("ds", "t", Cancellation))!.Name);
    }

    [Fact]
    public async Task A_login_that_ends_is_an_error_that_names_the_login()
    {
        using var s3 = new S3Client(new(new Ended(), Amazon.RegionEndpoint.EUWest1, Moto.Credentials("http://127.0.0.1:1")));
        var error = await Assert.ThrowsAsync<DltException>(() => new S3ObjectStore(s3).GetAsync(Key, cancellationToken: Cancellation));
        Assert.Contains("The SSO session has expired. Check the settings of the destination and the login", error.Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_untrusted_certificate_is_refused_and_named()
    {
        await using var server = new LoopbackServer((_, _) => Task.CompletedTask);   // has no TLS
        var error = await Assert.ThrowsAsync<DltException>(() =>
            S3(server.Url.Replace("http:", "https:", StringComparison.Ordinal), speed: 0).GetAsync(Key, cancellationToken: Cancellation));
        Assert.False(error.IsTransient);
        Assert.Contains("S3 was not reached", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_refusal_names_the_permission_that_the_login_lacks()
    {
        await using var store = new LoopbackServer((call, _) =>
        {
            call.Response.StatusCode = 403;
            return LoopbackServer.WriteAsync(call, "<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>");
        });
        await using var catalog = new LoopbackServer((call, _) =>
        {
            call.Response.StatusCode = 400;
            return LoopbackServer.WriteAsync(call, """{"__type":"AccessDeniedException","Message":"not authorized"}""");
        });
        var s3 = S3(store.Url, speed: 0);
        Assert.Contains("the permission s3:PutObject",
            await MessageAsync(() => s3.PutAsync(Key, new byte[] { 1 }, cancellationToken: Cancellation)), StringComparison.Ordinal);
        Assert.Contains("the permission s3:GetObject", await MessageAsync(() => s3.HeadAsync(Key, Cancellation)), StringComparison.Ordinal);
        Assert.Contains("the permission s3:ListBucket",
            await MessageAsync(() => s3.ListAsync("b", "p", Cancellation).ToListAsync(Cancellation).AsTask()), StringComparison.Ordinal);
        Assert.Contains("the permission s3:DeleteObject", await MessageAsync(() => s3.DeleteAsync("b", ["k"], Cancellation)),
            StringComparison.Ordinal);
        Assert.Contains("the permission glue:GetTable",
            await MessageAsync(() => Glue(catalog.Url, speed: 0).GetTableAsync("ds", "t", Cancellation)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cancelled_query_is_cancelled_even_if_it_cannot_be_stopped()
    {
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        await using var server = Athena("""{"QueryExecution":{"Status":{"State":"RUNNING"}}}""", cancel.Cancel);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            AthenaAt(server.Url).ExecuteAsync(new("SELECT 1", "ds"), cancel.Token));
    }

    [Theory]
    [InlineData("true", true)]
    [InlineData("false", false)]
    public async Task A_failed_query_is_transient_when_athena_says_so(string retryable, bool passes)
    {
        await using var server = Athena(
            """{"QueryExecution":{"Status":{"State":"FAILED","StateChangeReason":"GENERIC_INTERNAL_ERROR: busy","AthenaError":HOW}}}"""
                .Replace("HOW", "{\"Retryable\":" + retryable + "}", StringComparison.Ordinal));
        var error = await Assert.ThrowsAsync<AthenaQueryException>(() =>
            AthenaAt(server.Url).ExecuteAsync(new("SELECT 1", "ds"), Cancellation));
        Assert.Equal(passes, error.IsTransient);
    }

    private static async Task<string> MessageAsync(Func<Task> call) => (await Assert.ThrowsAnyAsync<DltException>(call)).Message;

    private static async Task CutAsync(HttpListenerContext call)
    {
        call.Response.ContentLength64 = 100_000;
        await call.Response.OutputStream.WriteAsync(new byte[1000]);
        await call.Response.OutputStream.FlushAsync();
        call.Response.Abort();
    }

    private static LoopbackServer Athena(string state, Action? onState = null) => new(async (call, _) =>
    {
        call.Response.ContentType = "application/x-amz-json-1.1";
        switch (call.Request.Headers["X-Amz-Target"])
        {
            case "AmazonAthena.StartQueryExecution":
                await LoopbackServer.WriteAsync(call, """{"QueryExecutionId":"q"}""");
                break;
            case "AmazonAthena.StopQueryExecution":
                call.Response.StatusCode = 400;
                await LoopbackServer.WriteAsync(call, """{"__type":"AccessDeniedException","Message":"not allowed to stop"}""");
                break;
            default:
                await LoopbackServer.WriteAsync(call, state);
                onState?.Invoke();
                break;
        }
    });

    [Fact]
    public void A_call_without_a_token_has_time_for_all_its_attempts()
    {
        var login = AwsLogin.Resolve(Moto.Credentials("http://127.0.0.1:1"));
        AmazonServiceClient[] clients =
            [new S3Client(login), new GlueClient(login), new AthenaClient(login), new LakeFormationClient(login), new StsClient(login)];
        _open.AddRange(clients);
        // The SDK makes the token of such a call from this time, which then limits all attempts together.
        Assert.All(clients, client => Assert.False(client.Config.Timeout < TimeSpan.FromMinutes(3), client.GetType().Name));
    }

    private AwsAthena AthenaAt(string url)
    {
        var client = new AthenaClient(AwsLogin.Resolve(Moto.Credentials(url)), Waits(1));
        _open.Add(client);
        return new(client, null, null, "awsdatacatalog");
    }

    private S3ObjectStore S3(string url, int speed)
    {
        var s3 = new S3Client(AwsLogin.Resolve(Moto.Credentials(url)), Waits(speed));
        _open.Add(s3);
        return new(s3);
    }

    private AwsGlueCatalog Glue(string url, int speed)
    {
        var glue = new GlueClient(AwsLogin.Resolve(Moto.Credentials(url)), Waits(speed));
        _open.Add(glue);
        return new(glue);
    }

    /// <param name="speed">Factor of the clock. With 0 only waits between attempts end at once, which also works on slow machines.</param>
    private RetryWaits Waits(int speed) => new(speed == 0 ? new NoWaits() : new FastClock(speed), line =>
    {
        lock (_said) _said.Add(line);
    });

    private sealed class Ended : AWSCredentials
    {
        public override ImmutableCredentials GetCredentials() => throw new AmazonClientException("The SSO session has expired.");

        public override Task<ImmutableCredentials> GetCredentialsAsync() => throw new AmazonClientException("The SSO session has expired.");
    }
}
