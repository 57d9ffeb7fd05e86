using System.Collections.Concurrent;
using Dlt.Aws;
using Dlt.Json;
using Dlt.Lake;
using Dlt.Tests.Support;

namespace Dlt.Tests.Aws.Queries;

/// <summary>Requests of the client of Amazon Athena (docs/spec/aws-apis.md 2.3 to 2.6).</summary>
public sealed class AthenaWireTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_query_is_started_in_the_workgroup_and_database_asked_for_and_read_by_its_id()
    {
        var calls = new ConcurrentQueue<(string Operation, JsonValue Body)>();
        await using var server = RecordingServer(calls);
        await using var account = AwsAccount.Open(new()
        {
            Credentials = Moto.Credentials(server.Url),
            QueryResultBucket = "s3://results/here/",
            WorkGroup = "analysts",
            Catalog = "other",
        });
        await using var result = await account.Athena.ExecuteAsync(new("SELECT 1 AS one", "ds"), Cancellation);
        Assert.Equal("1", (await QueryTable.ReadAsync(result, Cancellation)).Rows[0][0]);

        Assert.Equal(["StartQueryExecution", "GetQueryExecution", "GetQueryResults"], calls.Select(c => c.Operation));
        var start = calls.First().Body;
        Assert.Equal("SELECT 1 AS one", start["QueryString"]!.AsString());
        Assert.Equal("analysts", start["WorkGroup"]!.AsString());
        Assert.Equal("ds", start["QueryExecutionContext"]!["Database"]!.AsString());
        Assert.Equal("other", start["QueryExecutionContext"]!["Catalog"]!.AsString());
        Assert.Equal("s3://results/here/", start["ResultConfiguration"]!["OutputLocation"]!.AsString());
        Assert.InRange(start["ClientRequestToken"]!.AsString().Length, 32, 128);
        Assert.All(calls.Skip(1), call => Assert.Equal("query-1", call.Body["QueryExecutionId"]!.AsString()));
    }

    [Fact]
    public async Task Stopping_names_the_query()
    {
        var calls = new ConcurrentQueue<(string Operation, JsonValue Body)>();
        await using var server = RecordingServer(calls);
        await using var account = Moto.Open(server.Url);
        await account.Athena.StopAsync("query-7", Cancellation);
        var (operation, body) = Assert.Single(calls);
        Assert.Equal("StopQueryExecution", operation);
        Assert.Equal("query-7", body["QueryExecutionId"]!.AsString());
    }

    private static LoopbackServer RecordingServer(ConcurrentQueue<(string Operation, JsonValue Body)> calls) => new(async (call, _) =>
    {
        using var body = new MemoryStream();
        await call.Request.InputStream.CopyToAsync(body);
        var operation = call.Request.Headers["X-Amz-Target"]!["AmazonAthena.".Length..];
        calls.Enqueue((operation, JsonValue.Parse(body.ToArray())));
        await LoopbackServer.WriteAsync(call, operation switch
        {
            "StartQueryExecution" => """{"QueryExecutionId":"query-1"}""",
            "GetQueryExecution" => """{"QueryExecution":{"Status":{"State":"SUCCEEDED"}}}""",
            "GetQueryResults" => """
                {"ResultSet":{"Rows":[{"Data":[{"VarCharValue":"one"}]},{"Data":[{"VarCharValue":"1"}]}],
                "ResultSetMetadata":{"ColumnInfo":[{"Name":"one","Type":"integer"}]}}}
                """,
            _ => "{}",
        });
    });
}
