using Dlt.Golden.Harness;
using Dlt.Golden.Pipelines;
using Dlt.Json;
using Dlt.Types;

namespace Dlt.Golden.Athena;

/// <summary>Turns the resources of a scenario into those of dlt/pipelines, whose driver builds them.</summary>
internal static class ScenarioResources
{
    private static readonly string[] Kept =
    [
        "name", "table_name", "write_disposition", "primary_key", "merge_key", "columns", "schema_contract", "table_format", "incremental",
        "references", "nested_hints", "max_table_nesting", "selected", "file_format",
    ];

    private static readonly Dictionary<string, string> Values = new()
    {
        ["timestamp"] = "$datetime",
        ["date"] = "$date",
        ["time"] = "$time",
        ["decimal"] = "$decimal",
        ["binary"] = "$bytes",
        ["uuid"] = "$uuid",
        ["int"] = "$int",
        ["double"] = "$float",
    };

    /// <summary>The run of dlt/pipelines that loads the same.</summary>
    /// <param name="run">What the run is given.</param>
    public static Source Build(JsonValue run, string defaultSchema)
    {
        var resources = (run["resources"]?.Items ?? []).ToList();
        var described = JsonValue.Object(
            ("source", run["source"] is { Kind: JsonKind.String } name ? JsonValue.Object(("name", name)) : JsonValue.EmptyObject),
            ("run_args", run["run_args"] ?? JsonValue.EmptyObject),
            ("resources", JsonValue.Array([.. resources.Select(Describe)])));
        var source = new CaseResources("", null).Build(described, defaultSchema);
        return source with { Resources = [.. source.Resources.Select((r, i) => IsArrow(resources[i]) ? Arrow(r, resources[i]) : r)] };
    }

    /// <summary>The first word of a resource that the driver does not know.</summary>
    public static string? Unknown(JsonValue resource)
    {
        foreach (var (name, value) in resource.Members)
        {
            if (name is "data" or "arrow" or "athena_adapter" or "state" || Kept.Contains(name)) continue;
            return $"the member 'resource.{name}'";
        }

        return UnknownValue(resource);
    }

    private static string? UnknownValue(JsonValue json) => json.Kind switch
    {
        JsonKind.Object when json["$type"] is { Kind: JsonKind.String } type =>
            type.AsString() == "wei" || Values.ContainsKey(type.AsString()) ? null : $"the type '{type.AsString()}'",
        JsonKind.Object => json.Members.Select(m => UnknownValue(m.Value)).FirstOrDefault(u => u is not null),
        JsonKind.Array => json.Items.Select(UnknownValue).FirstOrDefault(u => u is not null),
        _ => null,
    };

    private static JsonValue Describe(JsonValue resource)
    {
        var members = resource.Members.Where(m => Kept.Contains(m.Key)).Select(m => KeyValuePair.Create(m.Key, Value(m.Value))).ToList();
        members.Add(new("items", IsArrow(resource) ? JsonValue.Array([]) : Value(resource["data"] ?? JsonValue.Array([]))));
        if (resource["athena_adapter"]?["partition"] is { } partition)
            members.Add(new("additional_table_hints", JsonValue.Object(("x-athena-partition", Partition(partition)))));
        if (resource["state"] is { } state) members.Add(new("state", JsonValue.Object(("set", state))));
        return JsonValue.Object(members);
    }

    /// <summary>The hint that dlt's athena adapter makes: a template per column.</summary>
    private static JsonValue Partition(JsonValue parts) => JsonValue.Object(parts.Items.Select(p => p switch
    {
        { Kind: JsonKind.String } => KeyValuePair.Create(p.AsString(), JsonValue.String("{column_name}")),
        { Items: [var name, var column] } =>
            KeyValuePair.Create(column.AsString(), JsonValue.String($"{name.AsString()}({{column_name}})")),
        { Items: [var name, var number, var column] } =>
            KeyValuePair.Create(column.AsString(), JsonValue.String($"{name.AsString()}({number}, {{column_name}})")),
        _ => throw new NotDrivenException($"the partition {p}"),
    }));

    /// <summary>Values beyond JSON in the form of dlt/pipelines; bytes are base64 there and hexadecimal here.</summary>
    private static JsonValue Value(JsonValue json)
    {
        if (json.Kind == JsonKind.Array) return JsonValue.Array([.. json.Items.Select(Value)]);
        if (json.Kind != JsonKind.Object) return json;
        if (json["$type"] is not { Kind: JsonKind.String } type)
            return JsonValue.Object(json.Members.Select(m => KeyValuePair.Create(m.Key, Value(m.Value))));
        var value = json["value"]!;
        return type.AsString() switch
        {
            "binary" => JsonValue.Object(("$bytes", JsonValue.String(Convert.ToBase64String(Convert.FromHexString(value.AsString()))))),
            "wei" => JsonValue.String(TypedJson.WeiMarker + value.AsString()),
            var name => JsonValue.Object((Values[name], value)),
        };
    }

    private static bool IsArrow(JsonValue resource) => resource["arrow"] is { Kind: JsonKind.True };

    private static Resource Arrow(Resource resource, JsonValue description) =>
        Resource.Create(resource.Name, [ArrowRows.Of(description["data"]!.Items)], resource.Hints);
}
