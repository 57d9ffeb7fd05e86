using System.Collections.Concurrent;
using System.Net;
using Dlt.Aws;
using Dlt.Internal;
using Dlt.Json;
using Dlt.Lake;
using Dlt.Tests.Support;

namespace Dlt.Tests.Aws.Queries;

/// <summary>Waiting for queries: common calls for many, classes of failures, repetitions (docs/spec/aws-apis.md 1.6, 2.4, 2.5).</summary>
public sealed class QueryStateTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Many_queries_are_waited_for_with_common_calls()
    {
        var calls = new ConcurrentQueue<(string Operation, int Ids)>();
        await using var server = Server(calls, _ => Succeeded);
        await using var account = Moto.Open(server.Url);
        await Task.WhenAll(Enumerable.Range(0, 120).Select(n => account.Athena.WaitAsync($"q-{n}", Cancellation)));
        Assert.Contains(calls, c => c is { Operation: "BatchGetQueryExecution", Ids: > 1 and <= 50 });
        Assert.InRange(calls.Count, 3, 60);
    }

    [Fact]
    public async Task A_policy_without_the_common_call_suffices()
    {
        var calls = new ConcurrentQueue<(string Operation, int Ids)>();
        await using var server = Server(calls, _ => Succeeded, deniesBatches: true);
        await using var account = Moto.Open(server.Url);
        await Task.WhenAll(Enumerable.Range(0, 30).Select(n => account.Athena.WaitAsync($"q-{n}", Cancellation)));
        Assert.Equal(30, calls.Count(c => c.Operation == "GetQueryExecution"));
    }

    [Fact]
    public async Task A_query_that_a_common_call_does_not_find_fails_alone()
    {
        await using var server = Server([], id => id == "q-7" ? null : Succeeded);
        await using var account = Moto.Open(server.Url);
        var waits = Enumerable.Range(0, 20).Select(n => account.Athena.WaitAsync($"q-{n}", Cancellation)).ToArray();
        var error = await Assert.ThrowsAsync<AthenaQueryException>(() => waits[7]);
        Assert.Contains("q-7", error.Message, StringComparison.Ordinal);
        await Task.WhenAll(waits.Where((_, n) => n != 7));
    }

    [Theory, Scenario("T-37"), Scenario("T-38"), Scenario("T-39")]
    [InlineData("TABLE_NOT_FOUND: line 1:15: Table 'a' does not exist", 2, 1301, false, "TABLE_NOT_FOUND", false)]
    [InlineData("FAILED: SemanticException Table not found a", 1, 1003, false, "TABLE_NOT_FOUND", false)]
    [InlineData("FAILED: SemanticException Database does not exist: a", 1, 1003, false, "SCHEMA_NOT_FOUND", false)]
    [InlineData("ICEBERG_COMMIT_ERROR: Failed to commit Iceberg update", 1, 233, false, "ICEBERG_COMMIT_ERROR", true)]
    [InlineData("Query exhausted resources at this scale factor", 1, 4, false, "QUERY_FAILED", true)]
    [InlineData("GENERIC_INTERNAL_ERROR: something", 1, 100, true, "GENERIC_INTERNAL_ERROR", true)]
    [InlineData("GENERIC_INTERNAL_ERROR: something", 1, 100, false, "GENERIC_INTERNAL_ERROR", false)]
    [InlineData("Amazon S3 asked to SlowDown", 3, 1000, false, "QUERY_FAILED", true)]
    [InlineData("TYPE_MISMATCH: line 1:8: no", 2, 1002, false, "TYPE_MISMATCH", false)]
    public async Task A_failed_query_has_the_class_that_athena_says(
        string reason, int category, int type, bool retryable, string name, bool isTransient)
    {
        await using var server = Server([], _ => Failed(reason, category, type, retryable));
        await using var account = Moto.Open(server.Url);
        var error = await Assert.ThrowsAsync<AthenaQueryException>(() => account.Athena.WaitAsync("q", Cancellation));
        Assert.Equal((name, isTransient, category, type, "q"),
            (error.ErrorName, error.IsTransient, error.ErrorCategory, error.ErrorType, error.QueryExecutionId));
    }

    [Theory, Scenario("X-05")]
    [InlineData("SELECT 1", "Query exhausted resources at this scale factor", 3)]
    [InlineData("  with a as (select 1) select * from a", "SlowDown", 3)]
    [InlineData("INSERT INTO t SELECT 1", "ICEBERG_COMMIT_ERROR: Failed to commit", 3)]
    [InlineData("INSERT INTO t SELECT 1", "Query exhausted resources at this scale factor", 1)]
    [InlineData("SELECT nothing", "COLUMN_NOT_FOUND: line 1:8: no", 1)]
    public async Task A_query_is_started_again_where_that_can_help_and_writes_nothing_twice(string sql, string reason, int starts)
    {
        var calls = new ConcurrentQueue<(string Operation, int Ids)>();
        var asked = 0;
        await using var server = Server(
            calls, _ => Interlocked.Increment(ref asked) < 3 ? Failed(reason, 1, 1000, false) : Succeeded);
        await using var account = Moto.Open(server.Url);
        try
        {
            var result = await AthenaExtensions.RepeatAsync(
                account.Athena, new(sql), new RetryWaits(new NoWaits(), _ => { }), Cancellation);
            await result.DisposeAsync();
            Assert.Equal(3, starts);
        }
        catch (AthenaQueryException error)
        {
            Assert.Contains(reason.Split(':')[^1].Trim(), error.Message, StringComparison.Ordinal);
            Assert.Equal(1, starts);
        }

        Assert.Equal(starts, calls.Count(c => c.Operation == "StartQueryExecution"));
    }

    private static JsonValue Succeeded => JsonValue.Parse("""{"State":"SUCCEEDED"}""");

    private static JsonValue Failed(string reason, int category, int type, bool retryable) => JsonValue.Object(
        ("State", JsonValue.String("FAILED")),
        ("StateChangeReason", JsonValue.String(reason)),
        ("AthenaError", JsonValue.Object(
            ("ErrorCategory", JsonValue.Integer(category)), ("ErrorType", JsonValue.Integer(type)),
            ("Retryable", JsonValue.Bool(retryable)),
            ("ErrorMessage", JsonValue.String(reason)))));

    /// <param name="calls">Receives the calls.</param>
    /// <param name="statusOf">The status of a query; null if it does not exist.</param>
    /// <param name="deniesBatches">True to refuse the common call.</param>
    private static LoopbackServer Server(
        ConcurrentQueue<(string Operation, int Ids)> calls, Func<string, JsonValue?> statusOf, bool deniesBatches = false) =>
        new(async (call, number) =>
        {
            using var body = new MemoryStream();
            await call.Request.InputStream.CopyToAsync(body);
            var request = JsonParser.Parse(body.ToArray());
            var operation = call.Request.Headers["X-Amz-Target"]!["AmazonAthena.".Length..];
            var ids = request["QueryExecutionIds"]?.Items.Select(i => i.AsString()).ToArray() ?? [];
            calls.Enqueue((operation, ids.Length));
            var answer = operation switch
            {
                "StartQueryExecution" => JsonValue.Object(("QueryExecutionId", JsonValue.String($"query-{number}"))),
                "BatchGetQueryExecution" when deniesBatches => Refuse(call, "AccessDeniedException", "no identity-based policy allows it"),
                "BatchGetQueryExecution" => JsonValue.Object(
                    ("QueryExecutions", JsonValue.Array(
                        [.. ids.Where(i => statusOf(i) is not null).Select(i => Execution(i, statusOf(i)!))])),
                    ("UnprocessedQueryExecutionIds", JsonValue.Array([.. ids.Where(i => statusOf(i) is null).Select(Unknown)]))),
                "GetQueryExecution" when statusOf(request["QueryExecutionId"]!.AsString()) is { } status =>
                    JsonValue.Object(("QueryExecution", Execution(request["QueryExecutionId"]!.AsString(), status))),
                "GetQueryExecution" => Refuse(call, "InvalidRequestException", $"{request["QueryExecutionId"]!.AsString()} was not found"),
                _ => JsonValue.EmptyObject,
            };
            await LoopbackServer.WriteAsync(call, JsonText.Write(answer));
        });

    private static JsonValue Execution(string id, JsonValue status) =>
        JsonValue.Object(("QueryExecutionId", JsonValue.String(id)), ("Status", status));

    private static JsonValue Unknown(string id) => JsonValue.Object(
        ("QueryExecutionId", JsonValue.String(id)), ("ErrorCode", JsonValue.String("QUERY_EXECUTION_NOT_FOUND")),
        ("ErrorMessage", JsonValue.String($"QueryExecution {id} was not found")));

    private static JsonValue Refuse(HttpListenerContext call, string code, string message)
    {
        call.Response.StatusCode = 400;
        return JsonValue.Object(("__type", JsonValue.String(code)), ("Message", JsonValue.String(message)));
    }
}
