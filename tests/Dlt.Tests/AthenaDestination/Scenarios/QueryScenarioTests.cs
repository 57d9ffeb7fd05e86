using System.Collections.Concurrent;
using Dlt.Json;
using Dlt.Lake;
using Dlt.Tests.Support;

namespace Dlt.Tests.AthenaDestination.Scenarios;

/// <summary>Queries of a dataset (docs/spec/athena-destination.md 9.1, 9.4, 9.9).</summary>
public sealed class QueryScenarioTests : AccountTests
{
    [Theory]
    [Scenario("T-37"), InlineData("SELECT * FROM missing", "TABLE_NOT_FOUND")]
    [Scenario("T-38"), InlineData("SELECTA id FROM items", "SYNTAX_ERROR")]
    [Scenario("T-39"), InlineData("SELECT missing FROM items", "COLUMN_NOT_FOUND")]
    [Scenario("T-40"), InlineData("SELECT * FROM nowhere.items", "TABLE_NOT_FOUND")]
    public async Task A_name_that_does_not_exist_is_an_error_of_its_own_that_no_repetition_helps(string sql, string name)
    {
        await Some.Pipeline(Account).RunAsync(Some.Resource("items", """{"id":1}"""), Cancellation);
        var error = await Assert.ThrowsAsync<AthenaQueryException>(() => Some.QueryAsync(Account, sql));
        Assert.Equal((name, false), (error.ErrorName, error.IsTransient));
    }

    [Fact, Scenario("T-08")]
    public async Task A_query_without_a_place_for_its_result_says_which_setting_is_missing()
    {
        await using var athena = Athenas(start: (400, """
            {"__type":"InvalidRequestException","message":"No output location provided. An output location is required either through
             the Workgroup result configuration setting or as an API input."}
            """.ReplaceLineEndings("")));
        var error = await Assert.ThrowsAnyAsync<DltException>(() => QueryAsync(athena, ""));
        Assert.Contains("No output location provided", error.Message, StringComparison.Ordinal);
        Assert.Contains("query_result_bucket", error.Message, StringComparison.Ordinal);
        Assert.Single(athena.Started);
    }

    [Fact, Scenario("X-15"), Scenario("T-02")]
    public async Task A_query_runs_in_the_catalog_and_dataset_of_the_settings()
    {
        await using var athena = Athenas(start: (200, """{"QueryExecutionId":"q"}"""));
        await QueryAsync(athena, "aws_data_catalog = \"dummycatalog\"");
        await QueryAsync(athena, "");
        Assert.Equal(
            ["""{"Catalog":"dummycatalog","Database":"ds"}""", """{"Catalog":"awsdatacatalog","Database":"ds"}"""],
            athena.Started.Select(s => JsonText.Write(s["QueryExecutionContext"]!)));
    }

    private static RecordingAthena Athenas((int Status, string Body) start) => new(start);

    private Task<QueryTable> QueryAsync(RecordingAthena athena, string line)
    {
        Folder.Write(".dlt/secrets.toml", $"""
            [destination.filesystem]
            bucket_url = "s3://b"
            [destination.filesystem.credentials]
            aws_access_key_id = "AK"
            aws_secret_access_key = "SK"
            [destination.athena]
            {line}
            [destination.athena.credentials]
            aws_access_key_id = "AK"
            aws_secret_access_key = "SK"
            region_name = "eu-west-1"
            endpoint_url = "{athena.Url}"
            """);
        return Athena.QueryAsync(
            "ds", "SELECT * FROM items", configuration: Some.Configuration(Folder.Path), cancellationToken: Cancellation);
    }

    /// <summary>Answers queries with no rows, and keeps the requests that start them.</summary>
    private sealed class RecordingAthena : IAsyncDisposable
    {
        private readonly LoopbackServer _server;

        public RecordingAthena((int Status, string Body) start) => _server = new(async (call, _) =>
        {
            using var reader = new StreamReader(call.Request.InputStream);
            var body = JsonParser.Parse(await reader.ReadToEndAsync());
            var operation = call.Request.Headers["X-Amz-Target"]!.Split('.')[1];
            if (operation == "StartQueryExecution")
            {
                Started.Enqueue(body);
                call.Response.StatusCode = start.Status;
            }

            await LoopbackServer.WriteAsync(call, operation switch
            {
                "StartQueryExecution" => start.Body,
                "GetQueryExecution" => """{"QueryExecution":{"QueryExecutionId":"q","Status":{"State":"SUCCEEDED"}}}""",
                "GetQueryResults" => """{"ResultSet":{"Rows":[],"ResultSetMetadata":{"ColumnInfo":[]}}}""",
                _ => "{}",
            });
        });

        public ConcurrentQueue<JsonValue> Started { get; } = [];

        public string Url => _server.Url;

        public ValueTask DisposeAsync() => _server.DisposeAsync();
    }
}
