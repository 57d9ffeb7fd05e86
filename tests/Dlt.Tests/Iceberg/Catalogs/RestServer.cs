using System.Collections.Specialized;
using System.Net;
using System.Text.Json.Nodes;
using Dlt.Tests.Support;

namespace Dlt.Tests.Iceberg.Catalogs;

/// <summary>
/// A catalog server in this process. It follows the protocol without our metadata code: it checks requirements, applies updates to the
/// JSON, and writes the metadata files.
/// </summary>
internal sealed class RestServer : IAsyncDisposable
{
    private readonly string _warehouse;
    private readonly LoopbackServer _server;
    private readonly Lock _lock = new();
    private readonly Dictionary<string, (int Status, JsonNode Answer)> _answers = [];
    private readonly HashSet<string> _namespaces = [];
    private readonly Dictionary<string, (string Location, JsonObject Metadata)> _tables = [];

    public RestServer(string warehouse)
    {
        _warehouse = warehouse;
        _server = new LoopbackServer(AnswerAsync);
    }

    public Uri Uri => new(_server.Url + "/catalog");

    /// <summary>Every call: method, path with query, headers, body.</summary>
    public List<(string Call, NameValueCollection Headers, JsonNode? Body)> Calls { get; } = [];

    /// <summary>Overrides in the answer of <c>v1/config</c>; a prefix takes effect.</summary>
    public JsonObject Overrides { get; } = [];

    /// <summary>Further members of the answer to loadTable.</summary>
    public JsonObject LoadAnswer { get; } = [];

    /// <summary>
    /// Returns a status in place of the server's answer, and whether the call takes effect anyway; null for the normal answer.
    /// </summary>
    public Func<string, (int Status, bool IsDone)?> Disturb { get; set; } = _ => null;

    /// <summary>True when a repeated commit with the same key gets the first answer again.</summary>
    public bool KnowsCallsAgain { get; set; }

    /// <summary>Maximum number of tables on a page of a list.</summary>
    public int PageSize { get; set; } = 100;

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private async Task AnswerAsync(HttpListenerContext call, int number)
    {
        using var reader = new StreamReader(call.Request.InputStream);
        var text = await reader.ReadToEndAsync();
        var isForm = call.Request.ContentType?.Contains("form", StringComparison.Ordinal) == true;
        var body = text.Length == 0 || isForm ? null : JsonNode.Parse(text);
        var path = call.Request.RawUrl!["/catalog/v1/".Length..];
        int status;
        JsonNode answer;
        lock (_lock)
        {
            var sent = isForm ? System.Text.Json.Nodes.JsonValue.Create(text) : body;
            Calls.Add(($"{call.Request.HttpMethod} {path}", new(call.Request.Headers), sent));
            var disturbed = Disturb($"{call.Request.HttpMethod} {path}");
            var key = call.Request.Headers["Idempotency-Key"];
            (status, answer) = disturbed is { IsDone: false } ? (200, new JsonObject()) : key is not null
                && _answers.TryGetValue(key, out var known) ? known : Answer(call.Request.HttpMethod, path, body);
            if (key is not null && disturbed is not { IsDone: false }) _answers[key] = (status, answer);
            if (disturbed is { Status: var other }) (status, answer) = (other, Error("disturbed"));
        }

        call.Response.StatusCode = status;
        if (status == 503) call.Response.Headers["Retry-After"] = "0";
        call.Response.ContentType = "application/json";
        if (status != 204) await LoopbackServer.WriteAsync(call, answer.ToJsonString());
    }

    private (int Status, JsonNode Answer) Answer(string method, string path, JsonNode? body)
    {
        var query = path.Split('?') is [_, var found] ? System.Web.HttpUtility.ParseQueryString(found) : [];
        var parts = path.Split('?')[0].Split('/');
        if (parts[0] == "config")
            return (200, new JsonObject
            {
                ["defaults"] = new JsonObject(),
                ["overrides"] = Overrides.DeepClone(),
                ["idempotency-key-lifetime"] = KnowsCallsAgain ? "PT30M" : null,
            });
        if (parts[0] == "oauth") return (200, new JsonObject { ["access_token"] = "token-1", ["expires_in"] = 3600 });
        if (Overrides["prefix"]?.GetValue<string>() is { } prefix)
        {
            if (!path.StartsWith(prefix + "/", StringComparison.Ordinal)) return (404, Error("no such prefix"));
            parts = path.Split('?')[0][(prefix.Length + 1)..].Split('/');
        }

        if (parts is ["namespaces"] && method == "POST")
            return _namespaces.Add(string.Join('\u001F', body!["namespace"]!.AsArray().Select(n => n!.GetValue<string>())))
                ? (200, new JsonObject()) : (409, Error("exists"));
        var space = Uri.UnescapeDataString(parts[1]);
        if (!_namespaces.Contains(space)) return (404, Error("no such namespace"));
        if (parts.Length == 3) return method == "GET" ? List(space, query["pageToken"]) : Create(space, body!);
        var name = space + "\u001F" + Uri.UnescapeDataString(parts[3]);
        if (!_tables.TryGetValue(name, out var table)) return (404, Error("no such table"));
        switch (method)
        {
            case "GET": return (200, Loaded(table));
            case "DELETE":
                _tables.Remove(name);
                return (204, new JsonObject());
        }

        if (body!["requirements"]!.AsArray().FirstOrDefault(r => !Holds(r!, table.Metadata)) is { } broken)
            return (409, Error($"requirement failed: {broken.ToJsonString()}"));
        var next = (JsonObject)table.Metadata.DeepClone();
        foreach (var update in body["updates"]!.AsArray())
            if (Apply(update!, next) is { } refusal) return (400, Error(refusal));
        next["metadata-log"]!.AsArray()
            .Add(new JsonObject { ["timestamp-ms"] = next["last-updated-ms"]!.DeepClone(), ["metadata-file"] = table.Location });
        return (200, Loaded(_tables[name] = Store(next)));
    }

    private (int, JsonNode) List(string space, string? token)
    {
        var all = _tables.Keys.Where(k => k.StartsWith(space + "\u001F", StringComparison.Ordinal))
            .Select(k => k[(space.Length + 1)..]).Order(StringComparer.Ordinal).ToList();
        var start = string.IsNullOrEmpty(token) ? 0 : int.Parse(token);
        var answer = new JsonObject
        {
            ["identifiers"] = new JsonArray(
            [.. all.Skip(start).Take(PageSize).Select(n => new JsonObject { ["namespace"] = new JsonArray(space), ["name"] = n })])
        };
        if (start + PageSize < all.Count) answer["next-page-token"] = $"{start + PageSize}";
        return (200, answer);
    }

    private (int, JsonNode) Create(string space, JsonNode body)
    {
        var name = body["name"]!.GetValue<string>();
        if (_tables.ContainsKey(space + "\u001F" + name)) return (409, Error("exists"));
        var spec = body["partition-spec"] ?? new JsonObject { ["spec-id"] = 0, ["fields"] = new JsonArray() };
        var order = body["write-order"] ?? new JsonObject { ["order-id"] = 0, ["fields"] = new JsonArray() };
        var metadata = new JsonObject
        {
            ["format-version"] = 2,
            ["table-uuid"] = Guid.NewGuid().ToString(),
            ["location"] = body["location"]?.DeepClone()
                ?? $"file://{_warehouse}/{space.Replace('\u001F', '/')}/{name}-{Guid.NewGuid():N}",
            ["last-sequence-number"] = 0,
            ["last-updated-ms"] = 1,
            ["last-column-id"] = Ids(body["schema"]!)
                .Max(),
            ["current-schema-id"] = 0,
            ["schemas"] = new JsonArray(body["schema"]!.DeepClone()),
            ["default-spec-id"] = 0,
            ["partition-specs"] = new JsonArray(spec.DeepClone()),
            ["last-partition-id"] = spec["fields"]!.AsArray().Select(f => f!["field-id"]!.GetValue<int>()).DefaultIfEmpty(999).Max(),
            ["default-sort-order-id"] = order["order-id"]!.DeepClone(),
            ["sort-orders"] = new JsonArray(order.DeepClone()),
            ["properties"] = body["properties"]?.DeepClone() ?? new JsonObject(),
            ["current-snapshot-id"] = -1,
            ["refs"] = new JsonObject(),
            ["snapshots"] = new JsonArray(),
            ["statistics"] = new JsonArray(),
            ["snapshot-log"] = new JsonArray(),
            ["metadata-log"] = new JsonArray(),
        };
        return (200, Loaded(_tables[space + "\u001F" + name] = Store(metadata)));
    }

    private static (string, JsonObject) Store(JsonObject metadata)
    {
        var location = $"{metadata["location"]}/metadata/{metadata["metadata-log"]!.AsArray().Count:00000}-{Guid.NewGuid()}.metadata.json";
        if (location.StartsWith("file://", StringComparison.Ordinal))   // nothing reads it back from S3
        {
            var path = location["file://".Length..];
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, metadata.ToJsonString());
        }

        return (location, JsonNode.Parse(metadata.ToJsonString())!.AsObject());
    }

    private JsonObject Loaded((string Location, JsonObject Metadata) table)
    {
        var answer = new JsonObject { ["metadata-location"] = table.Location, ["metadata"] = table.Metadata.DeepClone() };
        foreach (var (name, value) in LoadAnswer) answer[name] = value!.DeepClone();
        return answer;
    }

    private static bool Holds(JsonNode requirement, JsonObject metadata) => requirement["type"]!.GetValue<string>() switch
    {
        "assert-table-uuid" => Same(requirement["uuid"], metadata["table-uuid"]),
        "assert-ref-snapshot-id" =>
            Same(requirement["snapshot-id"], metadata["refs"]![requirement["ref"]!.GetValue<string>()]?["snapshot-id"]),
        "assert-last-assigned-field-id" => Same(requirement["last-assigned-field-id"], metadata["last-column-id"]),
        "assert-last-assigned-partition-id" => Same(requirement["last-assigned-partition-id"], metadata["last-partition-id"]),
        "assert-current-schema-id" => Same(requirement["current-schema-id"], metadata["current-schema-id"]),
        "assert-default-spec-id" => Same(requirement["default-spec-id"], metadata["default-spec-id"]),
        "assert-default-sort-order-id" => Same(requirement["default-sort-order-id"], metadata["default-sort-order-id"]),
        var other => throw new InvalidOperationException($"requirement {other}"),
    };

    private static string? Apply(JsonNode update, JsonObject metadata)
    {
        switch (update["action"]!.GetValue<string>())
        {
            case "add-schema":
                metadata["schemas"]!.AsArray().Add(update["schema"]!.DeepClone());
                metadata["last-column-id"] = Math.Max(metadata["last-column-id"]!.GetValue<int>(), Ids(update["schema"]!).Max());
                break;
            case "set-current-schema":
                metadata["current-schema-id"] = LastOr(update["schema-id"]!, metadata["schemas"]!, "schema-id");
                break;
            case "add-spec":
                metadata["partition-specs"]!.AsArray().Add(update["spec"]!.DeepClone());
                metadata["last-partition-id"] = update["spec"]!["fields"]!.AsArray().Select(f => f!["field-id"]!.GetValue<int>())
                    .Append(metadata["last-partition-id"]!.GetValue<int>()).Max();
                break;
            case "set-default-spec":
                metadata["default-spec-id"] = LastOr(update["spec-id"]!, metadata["partition-specs"]!, "spec-id");
                break;
            case "remove-partition-specs":
                var specs = update["spec-ids"]!.AsArray().Select(i => i!.GetValue<int>()).ToHashSet();
                if (specs.Contains(metadata["default-spec-id"]!.GetValue<int>())) return "the default spec cannot be removed";
                var kept = metadata["partition-specs"]!.AsArray().Where(s => !specs.Contains(s!["spec-id"]!.GetValue<int>()));
                metadata["partition-specs"] = new JsonArray([.. kept.Select(s => s!.DeepClone())]);
                break;
            case "add-sort-order":
                metadata["sort-orders"]!.AsArray().Add(update["sort-order"]!.DeepClone());
                break;
            case "set-default-sort-order":
                metadata["default-sort-order-id"] = LastOr(update["sort-order-id"]!, metadata["sort-orders"]!, "order-id");
                break;
            case "add-snapshot":
                var snapshot = update["snapshot"]!;
                var sequence = snapshot["sequence-number"]!.GetValue<long>();
                if (sequence <= metadata["last-sequence-number"]!.GetValue<long>())
                    return $"sequence number {sequence} is not above {metadata["last-sequence-number"]}";
                metadata["last-sequence-number"] = sequence;
                metadata["last-updated-ms"] = snapshot["timestamp-ms"]!.DeepClone();
                metadata["snapshots"]!.AsArray().Add(snapshot.DeepClone());
                break;
            case "set-snapshot-ref":
                var reference = (JsonObject)update.DeepClone();
                reference.Remove("action");
                var name = reference["ref-name"]!.GetValue<string>();
                reference.Remove("ref-name");
                if (metadata["snapshots"]!.AsArray().All(s => !Same(s!["snapshot-id"], reference["snapshot-id"])))
                    return "no such snapshot";
                metadata["refs"]![name] = reference;
                if (name != "main") break;
                metadata["current-snapshot-id"] = reference["snapshot-id"]!.DeepClone();
                metadata["snapshot-log"]!.AsArray()
                    .Add(new JsonObject
                    {
                        ["timestamp-ms"] = metadata["last-updated-ms"]!.DeepClone(),
                        ["snapshot-id"] = reference["snapshot-id"]!.DeepClone(),
                    });
                break;
            case "remove-snapshot-ref":
                metadata["refs"]!.AsObject().Remove(update["ref-name"]!.GetValue<string>());
                break;
            case "remove-snapshots":
                var removed = update["snapshot-ids"]!.AsArray().Select(i => i!.GetValue<long>()).ToHashSet();
                metadata["snapshots"] =
                    new JsonArray([.. metadata["snapshots"]!.AsArray().Where(s => !removed.Contains(s!["snapshot-id"]!.GetValue<long>()))
                        .Select(s => s!.DeepClone())]);
                metadata["snapshot-log"] =
                    new JsonArray([.. metadata["snapshot-log"]!.AsArray().Where(s => !removed.Contains(s!["snapshot-id"]!.GetValue<long>()))
                        .Select(s => s!.DeepClone())]);
                break;
            case "set-properties":
                foreach (var (key, value) in update["updates"]!.AsObject()) metadata["properties"]![key] = value!.DeepClone();
                break;
            case "remove-properties":
                foreach (var key in update["removals"]!.AsArray()) metadata["properties"]!.AsObject().Remove(key!.GetValue<string>());
                break;
            default: return $"unknown action {update["action"]}";
        }

        return null;
    }

    private static int LastOr(JsonNode id, JsonNode list, string key) =>
        id.GetValue<int>() is >= 0 and var given ? given : list.AsArray()[^1]![key]!.GetValue<int>();

    private static bool Same(JsonNode? left, JsonNode? right) => left?.ToJsonString() == right?.ToJsonString();

    private static IEnumerable<int> Ids(JsonNode node) => node switch
    {
        JsonObject members =>
            members.SelectMany(m => m.Key is "id" or "element-id" or "key-id" or "value-id" ? [m.Value!.GetValue<int>()]
                : m.Value is null ? [] : Ids(m.Value)),
        JsonArray items => items.SelectMany(i => Ids(i!)),
        _ => [],
    };

    private static JsonObject Error(string message) =>
        new() { ["error"] = new JsonObject { ["message"] = message, ["type"] = "Test", ["code"] = 0 } };
}
