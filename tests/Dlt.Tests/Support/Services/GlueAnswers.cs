using System.Text;
using Dlt.Json;
using Dlt.Lake;

namespace Dlt.Tests.Support.Services;

/// <summary>Answers calls of the Glue API from a catalog.</summary>
/// <param name="glue">The catalog.</param>
internal sealed class GlueAnswers(IGlueCatalog glue)
{
    private const int PageSize = 100;

    public static WireAnswer Error(string code, string message, int status = 400) => new(
        status,
        JsonText.WriteUtf8(JsonValue.Object(("__type", JsonValue.String(code)), ("Message", JsonValue.String(message)))),
        ("Content-Type", "application/x-amz-json-1.1"));

    public async Task<WireAnswer> AnswerAsync(string operation, JsonValue request)
    {
        try
        {
            var answer = await AnswerOfAsync(operation, request);
            return new(200, JsonText.WriteUtf8(answer), ("Content-Type", "application/x-amz-json-1.1"));
        }
        catch (GlueException error)
        {
            return Error(error.ErrorCode, error.Message);
        }
    }

    private async Task<JsonValue> AnswerOfAsync(string operation, JsonValue request)
    {
        var database = request["DatabaseName"]?.AsString() ?? "";
        var name = request["Name"]?.AsString() ?? "";
        switch (operation)
        {
            case "GetDatabase":
                var found = await glue.GetDatabaseAsync(name) ?? throw NotFound($"Database {name}");
                return JsonValue.Object(("Database", JsonParser.Parse(Encoding.UTF8.GetBytes(GlueJson.Write(found)))));
            case "CreateDatabase":
                await glue.CreateDatabaseAsync(GlueJson.ReadDatabase(JsonText.Write(request["DatabaseInput"]!)));
                return JsonValue.EmptyObject;
            case "GetTable":
                var table = await glue.GetTableAsync(database, name) ?? throw NotFound($"Table {name}");
                return JsonValue.Object(("Table", Json(table)));
            case "GetTables":
                return await PageAsync(database, request);
            case "CreateTable":
                await glue.CreateTableAsync(database, GlueJson.ReadTable(request["TableInput"]!));
                return JsonValue.EmptyObject;
            case "UpdateTable":
                await glue.UpdateTableAsync(
                    database, GlueJson.ReadTable(request["TableInput"]!), request["VersionId"]?.AsString(),
                    request["SkipArchive"]?.AsBool() == true);
                return JsonValue.EmptyObject;
            case "DeleteTable":
                await glue.DeleteTableAsync(database, name);
                return JsonValue.EmptyObject;
            case "GetTableVersions":
                var ids = await glue.GetTableVersionIdsAsync(database, request["TableName"]!.AsString()).ToListAsync();
                var versions = ids.Select(id => JsonValue.Object(("VersionId", JsonValue.String(id))));
                return JsonValue.Object(("TableVersions", JsonValue.Array([.. versions])));
            case "BatchDeleteTableVersion":
                await glue.DeleteTableVersionsAsync(
                    database, request["TableName"]!.AsString(), [.. request["VersionIds"]!.Items.Select(i => i.AsString())]);
                return JsonValue.EmptyObject;
            default:
                throw new GlueException("UnknownOperationException", operation);
        }
    }

    private async Task<JsonValue> PageAsync(string database, JsonValue request)
    {
        var tables = request["Expression"] is { } expression
            ? glue.FindTablesAsync(database, expression.AsString().Split('|')) : glue.GetTablesAsync(database);
        var all = await tables.Select(Json).ToListAsync();
        var start = request["NextToken"] is { } token ? (int)token.AsInt64() : 0;
        var page = JsonValue.Object(("TableList", JsonValue.Array([.. all.Skip(start).Take(PageSize)])));
        return start + PageSize < all.Count ? page.With("NextToken", JsonValue.Integer(start + PageSize)) : page;
    }

    private static GlueException NotFound(string what) => new("EntityNotFoundException", what + " not found.");

    private static JsonValue Json(GlueTable table) => JsonParser.Parse(Encoding.UTF8.GetBytes(GlueJson.Write(table.Definition)))
        .With("DatabaseName", JsonValue.String(table.DatabaseName))
        .With("VersionId", JsonValue.String(table.VersionId));
}
