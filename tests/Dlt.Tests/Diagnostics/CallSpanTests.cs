using System.Diagnostics;
using Dlt.Aws;
using Dlt.Iceberg;
using Dlt.Internal;
using Dlt.Retries;
using Dlt.Storage;
using Dlt.Tests.Iceberg;
using Dlt.Tests.Support;

namespace Dlt.Tests.Diagnostics;

/// <summary>Spans and measurements of calls to AWS and of commits to Iceberg tables.</summary>
[Collection(AloneCollection.Name)]
public sealed class CallSpanTests : IDisposable
{
    private static readonly ObjectLocation Key = new("lake", "a/b");

    private readonly TempFolder _folder = new();
    private readonly Listening _heard = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _heard.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_call_is_a_span_with_service_operation_request_status_and_attempts()
    {
        await using var server = new LoopbackServer((call, n) =>
        {
            call.Response.StatusCode = n == 1 ? 503 : 200;
            call.Response.Headers["x-amzn-RequestId"] = $"request-{n}";
            return n == 1 ? Task.CompletedTask : LoopbackServer.WriteAsync(call, """{"Table":{"Name":"items","DatabaseName":"ds"}}""");
        });
        using var glue = new GlueClient(AwsLogin.Resolve(Moto.Credentials(server.Url)), Waits);
        await new AwsGlueCatalog(glue).GetTableAsync("ds", "items", Cancellation);
        var span = Assert.Single(_heard.Of("Glue.GetTable"));
        Assert.Equal(ActivityKind.Client, span.Kind);
        Assert.Equal(ActivityStatusCode.Unset, span.Status);
        Assert.Equal(["aws-api", "Glue", "GetTable", "request-2", "200", "2", new Uri(server.Url).Host],
            Tags(span, "rpc.system", "rpc.service", "rpc.method", "aws.request_id", "http.response.status_code", "dlt.call.attempts",
                "server.address"));
        Assert.Equal(1, _heard.Sum("dlt.call.retries", "rpc.method", "GetTable"));
        Assert.Single(_heard.Measurements, m => m.Instrument == "rpc.client.call.duration" && !m.Tags.ContainsKey("error.type"));
        ObservabilityPageTests.AssertDocumented(_heard);
    }

    [Fact]
    public async Task A_refused_call_has_the_code_of_the_answer()
    {
        await using var server = new LoopbackServer((call, _) =>
        {
            call.Response.StatusCode = 403;
            return LoopbackServer.WriteAsync(call, "<Error><Code>AccessDenied</Code><Message>no</Message></Error>");
        });
        using var s3 = new S3Client(AwsLogin.Resolve(Moto.Credentials(server.Url)), Waits);
        await Assert.ThrowsAnyAsync<DltException>(() => new S3ObjectStore(s3).GetAsync(Key, cancellationToken: Cancellation));
        var span = Assert.Single(_heard.Of("S3.GetObject"));
        Assert.Equal((ActivityStatusCode.Error, null), (span.Status, span.StatusDescription));
        Assert.Equal(["AccessDenied", "403", "1"], Tags(span, "error.type", "http.response.status_code", "dlt.call.attempts"));
        var duration = Assert.Single(_heard.Measurements, m => m.Instrument == "rpc.client.call.duration");
        Assert.Equal("AccessDenied", duration.Tags["error.type"]);
    }

    [Fact]
    public async Task A_commit_that_another_one_overtook_counts_its_retries()
    {
        var table = await OneColumn.CreateAsync(_folder.Path, new PrimitiveType(PrimitiveKind.Long));
        var mine = table.NewTransaction().UpdateProperties(new Dictionary<string, string> { ["owner"] = "me" });
        await table.NewTransaction().UpdateProperties(new Dictionary<string, string> { ["owner"] = "they" }).CommitAsync(Cancellation);
        await mine.CommitAsync(Cancellation);
        Assert.Equal(["1", "2"], _heard.Of("iceberg.commit").Select(c => Tags(c, "iceberg.commit.attempts").Single()));
        Assert.Equal(2, _heard.Sum("iceberg.commits"));
        Assert.Equal(1, _heard.Sum("iceberg.commit.retries"));
    }

    private static RetryWaits Waits => new(new NoWaits(), _ => { });

    private static IEnumerable<string?> Tags(Activity span, params string[] names) => names.Select(n => span.GetTagItem(n)?.ToString());
}
