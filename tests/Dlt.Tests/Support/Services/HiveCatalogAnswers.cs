using System.Collections.Concurrent;
using System.Collections.Immutable;
using Dlt.Json;
using Dlt.Lake;

namespace Dlt.Tests.Support.Services;

/// <summary>
/// Athena with a registered data catalog that Glue does not serve: metadata calls and statements work on the catalog of a local account.
/// </summary>
/// <param name="account">Holds the databases and tables.</param>
internal sealed class HiveCatalogAnswers(LocalAthena account) : IAthenaAnswers
{
    public const string Name = "hms";
    private const int PageSize = 50;

    private readonly HiveStatements _runner = new(account, Name);
    private readonly ConcurrentDictionary<string, (ImmutableArray<string> Lines, string? Failure)> _queries = new();
    private readonly ConcurrentQueue<string> _statements = new();

    /// <summary>Type of the catalog.</summary>
    public string Type { get; init; } = "HIVE";

    /// <summary>What the catalog answers to all metadata calls; null while it works.</summary>
    public string? Failure { get; set; }

    /// <summary>Statements in their order, failed ones too.</summary>
    public IReadOnlyList<string> Statements => [.. _statements];

    public async Task<WireAnswer> AnswerAsync(string operation, JsonValue request)
    {
        if (request["CatalogName"] is { } asked && asked.AsString() != Name)
            return GlueAnswers.Error("InvalidRequestException", $"Catalog {asked.AsString()} was not found");
        if (Failure is { } failure && (operation.EndsWith("Metadata", StringComparison.Ordinal) || operation == "GetDatabase"))
            return Missing(failure);
        var database = request["DatabaseName"]?.AsString() ?? "";
        var id = request["QueryExecutionId"]?.AsString() ?? "";
        return operation switch
        {
            "GetDataCatalog" => Json(("DataCatalog", Catalog())),
            "GetDatabase" => await account.Glue.GetDatabaseAsync(database) is { } found
                ? Json(("Database", Database(found))) : Missing($"Database {database} not found."),
            "ListDatabases" => Json(("DatabaseList", JsonValue.Array(
                [.. await account.Glue.GetDatabasesAsync().Select(Database).ToListAsync()]))),
            "GetTableMetadata" => await account.Glue.GetTableAsync(database, request["TableName"]!.AsString()) is { } table
                ? Json(("TableMetadata", Table(table)))
                : Missing($"NoSuchObjectException(message:{database}.{request["TableName"]!.AsString()} table not found)"),
            "ListTableMetadata" => await ListAsync(database, request),
            "StartQueryExecution" => await StartAsync(request),
            "GetQueryExecution" => Json(("QueryExecution", Execution(id))),
            "BatchGetQueryExecution" => Json(("QueryExecutions", JsonValue.Array(
                [.. request["QueryExecutionIds"]!.Items.Select(i => Execution(i.AsString()))]))),
            "GetQueryResults" => Json(("ResultSet", Results(_queries[id].Lines))),
            _ => Json(),
        };
    }

    private static WireAnswer Json(params (string, JsonValue)[] members) =>
        new(200, JsonText.WriteUtf8(JsonValue.Object(members)), ("Content-Type", "application/x-amz-json-1.1"));

    private static WireAnswer Missing(string message) => GlueAnswers.Error("MetadataException", message);

    private static JsonValue Text(string text) => JsonValue.String(text);

    private static JsonValue Database(GlueDatabase database) => JsonValue.Object(("Name", Text(database.Name)));

    private static JsonValue Columns(IEnumerable<GlueColumn> columns) => JsonValue.Array([.. columns.Select(Column)]);

    private static JsonValue Column(GlueColumn column)
    {
        var json = JsonValue.Object(("Name", Text(column.Name)), ("Comment", Text(column.Comment ?? "")));
        return column.Type.Length == 0 ? json : json.With("Type", Text(column.Type));
    }

    private static JsonValue Table(GlueTable table)
    {
        var storage = table.Definition.StorageDescriptor!;
        var parameters = (table.Definition.Parameters ?? ImmutableSortedDictionary<string, string>.Empty)
            .Add("location", storage.Location!).Add("inputformat", storage.InputFormat!).Add("outputformat", storage.OutputFormat!)
            .Add("serde.serialization.lib", storage.SerdeInfo!.SerializationLibrary!).Add("serde.param.serialization.format", "1")
            .Add("transient_lastDdlTime", "1764520000");
        return JsonValue.Object(
            ("Name", Text(table.Name)),
            ("CreateTime", JsonValue.Real(1764520000.5)),
            ("TableType", Text("EXTERNAL_TABLE")),
            ("Columns", Columns(storage.Columns)),
            ("PartitionKeys", Columns(table.Definition.PartitionKeys ?? [])),
            ("Parameters", JsonValue.Object(parameters.Select(p => KeyValuePair.Create(p.Key, Text(p.Value))))));
    }

    private static JsonValue Results(ImmutableArray<string> lines)
    {
        var rows = lines.Select(l => JsonValue.Object(("Data", JsonValue.Array([JsonValue.Object(("VarCharValue", Text(l)))]))));
        var columns = JsonValue.Array([JsonValue.Object(("Name", Text("partition")), ("Type", Text("string")))]);
        return JsonValue.Object(
            ("Rows", JsonValue.Array([.. rows])), ("ResultSetMetadata", JsonValue.Object(("ColumnInfo", columns))));
    }

    private JsonValue Catalog() => JsonValue.Object(
        ("Name", Text(Name)),
        ("Type", Text(Type)),
        ("Parameters", JsonValue.Object(("metadata-function", Text("arn:aws:lambda:eu-central-1:111122223333:function:hms")))));

    private async Task<WireAnswer> ListAsync(string database, JsonValue request)
    {
        if (await account.Glue.GetDatabaseAsync(database) is null) return Missing($"Database {database} not found.");
        var names = request["Expression"]?.AsString();
        Assert.True(names is null or { Length: <= 256 }, names);
        var tables = names is null
            ? account.Glue.GetTablesAsync(database) : account.Glue.FindTablesAsync(database, names.Split('|'));
        var all = await tables.Select(Table).ToListAsync();
        var start = request["NextToken"] is { } token
            ? int.Parse(token.AsString(), System.Globalization.CultureInfo.InvariantCulture) : 0;
        var page = ("TableMetadataList", JsonValue.Array([.. all.Skip(start).Take(PageSize)]));
        return start + PageSize < all.Count ? Json(page, ("NextToken", Text($"{start + PageSize}"))) : Json(page);
    }

    private async Task<WireAnswer> StartAsync(JsonValue request)
    {
        var sql = request["QueryString"]!.AsString();
        if (request["QueryExecutionContext"]?["Catalog"]?.AsString() != Name)
            return GlueAnswers.Error("InvalidRequestException", "Another catalog.");
        var id = Guid.NewGuid().ToString();
        _statements.Enqueue(sql);
        try
        {
            _queries[id] = (await _runner.RunAsync(sql), null);
        }
        catch (AthenaQueryException error)
        {
            _queries[id] = ([], error.Message[(error.Message.IndexOf("FAILED", StringComparison.Ordinal) is var at and >= 0 ? at : 0)..]);
        }

        return Json(("QueryExecutionId", Text(id)));
    }

    private JsonValue Execution(string id)
    {
        var failure = _queries[id].Failure;
        var status = JsonValue.Object(("State", Text(failure is null ? "SUCCEEDED" : "FAILED")));
        if (failure is not null) status = status.With("StateChangeReason", Text(failure));
        return JsonValue.Object(("QueryExecutionId", Text(id)), ("Status", status), ("StatementType", Text("DDL")));
    }
}
