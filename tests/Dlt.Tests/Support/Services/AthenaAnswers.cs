using System.Collections.Concurrent;
using Dlt.Json;
using Dlt.Lake;
using Dlt.Storage;

namespace Dlt.Tests.Support.Services;

/// <summary>
/// Answers calls of the Athena API: statements are recorded, and change nothing but helper tables, which get an object in the folder of
/// results.
/// </summary>
/// <param name="account">Catalog and store of the helper tables.</param>
internal sealed class AthenaAnswers(LocalAthena account) : IAthenaAnswers
{
    private readonly ConcurrentDictionary<string, string> _queries = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<string> _statements = new();

    /// <summary>Statements in their order, failed ones too.</summary>
    public IReadOnlyList<string> Statements => [.. _statements];

    /// <summary>Returns the changed rows of a statement.</summary>
    public Func<string, long> RowsOf { get; set; } = _ => 1;

    /// <summary>Returns the reason for which a statement fails; null when it succeeds.</summary>
    public Func<string, string?> FailureOf { get; set; } = _ => null;

    /// <summary>Called before a statement is answered.</summary>
    public Func<string, Task> Running { get; set; } = _ => Task.CompletedTask;

    public async Task<WireAnswer> AnswerAsync(string operation, JsonValue request)
    {
        var id = request["QueryExecutionId"]?.AsString() ?? "";
        return Json(operation switch
        {
            "StartQueryExecution" => JsonValue.Object(("QueryExecutionId", JsonValue.String(await StartAsync(request)))),
            "GetQueryExecution" => JsonValue.Object(("QueryExecution", Execution(id))),
            "BatchGetQueryExecution" => JsonValue.Object(("QueryExecutions", JsonValue.Array(
                [.. request["QueryExecutionIds"]!.Items.Select(i => Execution(i.AsString()))]))),
            "GetQueryResults" => JsonValue.Object(
                ("UpdateCount", JsonValue.Integer(RowsOf(_queries[id]))), ("ResultSet", JsonValue.EmptyObject)),
            _ => JsonValue.EmptyObject,
        });
    }

    private static WireAnswer Json(JsonValue answer) =>
        new(200, JsonText.WriteUtf8(answer), ("Content-Type", "application/x-amz-json-1.1"));

    private async Task<string> StartAsync(JsonValue request)
    {
        var (id, sql) = (Guid.NewGuid().ToString(), request["QueryString"]!.AsString());
        _queries[id] = sql;
        _statements.Enqueue(sql);
        await Running(sql);
        if (sql.StartsWith("DROP TABLE", StringComparison.Ordinal)) await DropAsync(sql.Split('`')[5]);
        if (!sql.StartsWith("CREATE TABLE", StringComparison.Ordinal)) return id;
        var folder = $"results/tables/{id}";
        await account.Objects.PutAsync(new("lake", folder + "/rows"), "x"u8.ToArray());
        var storage = new GlueStorageDescriptor { Location = $"s3://lake/{folder}", Columns = [new("_dlt_id", "string")] };
        await account.Glue.CreateTableAsync("ds_staging", new() { Name = sql.Split('"')[5], StorageDescriptor = storage });
        return id;
    }

    private async Task DropAsync(string table)
    {
        if (await account.Glue.GetTableAsync("ds_staging", table) is not null) await account.Glue.DeleteTableAsync("ds_staging", table);
    }

    private JsonValue Execution(string id)
    {
        var failure = FailureOf(_queries[id]);
        var status = JsonValue.Object(("State", JsonValue.String(failure is null ? "SUCCEEDED" : "FAILED")));
        if (failure is not null) status = status.With("StateChangeReason", JsonValue.String(failure));
        return JsonValue.Object(("QueryExecutionId", JsonValue.String(id)), ("Status", status), ("StatementType", JsonValue.String("DML")));
    }
}
