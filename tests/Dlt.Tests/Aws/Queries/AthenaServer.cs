using System.Net;
using Dlt.Json;
using Dlt.Tests.Core.Lake;
using Dlt.Tests.Support;

namespace Dlt.Tests.Aws.Queries;

/// <summary>
/// The calls of Athena's wire protocol on loopback, with one answer for every query (docs/spec/aws-apis.md 2.3 to 2.6). moto cannot do
/// this: it has no SQL, no failing queries and no pages.
/// </summary>
internal static class AthenaServer
{
    private const int PageRows = 1000;

    public static LoopbackServer Start(AthenaAnswer answer)
    {
        var stopped = new HashSet<string>();
        var started = new HashSet<string>();
        return new LoopbackServer(async (call, number) =>
        {
            using var body = new MemoryStream();
            await call.Request.InputStream.CopyToAsync(body);
            var request = JsonParser.Parse(body.ToArray());
            var id = request["QueryExecutionId"]?.AsString();
            var reply = call.Request.Headers["X-Amz-Target"] switch
            {
                "AmazonAthena.StartQueryExecution" => Start(started, $"query-{number}"),
                _ when !started.Contains(id!) => Refuse(call, $"QueryExecution {id} was not found"),
                "AmazonAthena.GetQueryResults" when answer.IsRunning =>
                    Refuse(call, "Query has not yet finished. Current state: RUNNING"),
                "AmazonAthena.GetQueryExecution" => Execution(answer, stopped.Contains(id!)),
                "AmazonAthena.StopQueryExecution" => Stop(stopped, id!),
                "AmazonAthena.GetQueryResults" => Results(answer, request["NextToken"]?.AsString()),
                var other => Refuse(call, $"The test does not know {other}."),
            };
            call.Response.ContentType = "application/x-amz-json-1.1";
            await LoopbackServer.WriteAsync(call, JsonText.Write(reply));
        });
    }

    private static JsonValue Refuse(HttpListenerContext call, string message)
    {
        call.Response.StatusCode = 400;
        return JsonValue.Object(("__type", JsonValue.String("InvalidRequestException")), ("Message", JsonValue.String(message)));
    }

    private static JsonValue Start(HashSet<string> started, string id)
    {
        started.Add(id);
        return JsonValue.Object(("QueryExecutionId", JsonValue.String(id)));
    }

    private static JsonValue Stop(HashSet<string> stopped, string id)
    {
        stopped.Add(id);
        return JsonValue.EmptyObject;
    }

    private static JsonValue Execution(AthenaAnswer answer, bool isStopped)
    {
        var state = isStopped ? "CANCELLED" : answer.IsRunning ? "RUNNING" : answer.Reason is null ? "SUCCEEDED" : "FAILED";
        var status = JsonValue.Object(("State", JsonValue.String(state)));
        if (answer.Reason is not null) status = status.With("StateChangeReason", JsonValue.String(answer.Reason));
        return JsonValue.Object(("QueryExecution", JsonValue.Object(("Status", status))));
    }

    /// <summary>Returns a page of rows. The first page begins with the names of the columns; a null is a cell without a value.</summary>
    private static JsonValue Results(AthenaAnswer answer, string? token)
    {
        var start = token is null ? 0 : int.Parse(token, System.Globalization.CultureInfo.InvariantCulture);
        string?[][] rows = [[.. answer.Columns.Select(c => c.Name)], .. answer.Rows];
        var page = rows.Skip(start).Take(PageRows).Select(row => JsonValue.Object(
            ("Data", JsonValue.Array(
                [.. row.Select(v => v is null ? JsonValue.EmptyObject : JsonValue.Object(("VarCharValue", JsonValue.String(v))))]))));
        var info = answer.Columns.Select(c =>
            JsonValue.Object(("Name", JsonValue.String(c.Name)), ("Label", JsonValue.String(c.Name)), ("Type", JsonValue.String(c.Type))));
        var results = JsonValue.Object(("ResultSet", JsonValue.Object(
            ("Rows", JsonValue.Array([.. page])), ("ResultSetMetadata", JsonValue.Object(("ColumnInfo", JsonValue.Array([.. info])))))));
        return start + PageRows < rows.Length ? results.With("NextToken", JsonValue.String($"{start + PageRows}")) : results;
    }
}
