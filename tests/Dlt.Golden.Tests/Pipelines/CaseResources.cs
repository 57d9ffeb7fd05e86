using System.Collections.Immutable;
using Dlt.Golden.Harness;
using Dlt.Json;
using Dlt.Schemas;

namespace Dlt.Golden.Pipelines;

/// <summary>Builds the sources of a case's run.</summary>
/// <param name="inputs">The folder of the files that go in.</param>
/// <param name="tableFormat">The table format of every resource; null for their own.</param>
internal sealed class CaseResources(string inputs, string? tableFormat)
{
    public Source Build(JsonValue run, string defaultSchema)
    {
        var source = run["source"] ?? JsonValue.EmptyObject;
        var resources = new List<Resource>();
        foreach (var description in run["resources"]?.Items ?? []) resources.Add(Build(description, run["run_args"], resources));
        if (run["inline"] is { } inline)
            resources.Add(Resource.Create(run["run_args"]?["table_name"]?.AsString() ?? "inline",
                [CaseValue.ToExtracted(inline)], Hints(JsonValue.EmptyObject, run["run_args"])));
        var result = new Source(source["name"]?.AsString() ?? defaultSchema, resources)
        {
            MaxTableNesting = source["max_table_nesting"] is { Kind: JsonKind.Integer } nesting ? (int)nesting.AsInt64() : null,
            RootKey = source["root_key"] is { Kind: JsonKind.True or JsonKind.False } rootKey ? rootKey.AsBool() : null,
            SchemaContract = SchemaContract.Parse(source["schema_contract"]),
            SchemaHints = SchemaHints(source),
        };
        return source["with_resources"] is { Kind: JsonKind.Array } selected
            ? result.WithResources(selected.Items.Select(n => n.AsString())) : result;
    }

    /// <summary>The detections of a case are not applied (README of dlt/pipelines, case schema_settings).</summary>
    private static SchemaHints? SchemaHints(JsonValue source)
    {
        var settings = source["schema_settings"];
        static ImmutableArray<string> Texts(JsonValue? list) => [.. list?.Items.Select(i => i.AsString()) ?? []];
        static ImmutableArray<KeyValuePair<string, string>> Rule(JsonValue? rule) =>
            [.. (rule?.Members.AsEnumerable() ?? []).Select(r => KeyValuePair.Create(r.Key, r.Value.AsString()))];
        return new()
        {
            PreferredTypes = [.. (settings?["preferred_types"]?.Members.AsEnumerable() ?? [])
                .Select(t => KeyValuePair.Create(t.Key, Enum.Parse<Dlt.DataType>(t.Value.AsString(), ignoreCase: true)))],
            DefaultHints = [.. (settings?["default_hints"]?.Members.AsEnumerable() ?? [])
                .Select(h => KeyValuePair.Create(h.Key, Texts(h.Value)))],
            Filters = [.. (source["filters"]?.Members.AsEnumerable() ?? [])
                .Select(f => new TableFilter(f.Key, Texts(f.Value["excludes"]), Texts(f.Value["includes"])))],
            RootPropagation = Rule(source["propagation"]?["root"]),
            TablePropagation = [.. (source["propagation"]?["tables"]?.Members.AsEnumerable() ?? [])
                .Select(t => KeyValuePair.Create(t.Key, Rule(t.Value)))],
        };
    }

    private Resource Build(JsonValue description, JsonValue? runArguments, List<Resource> earlier)
    {
        var name = description["name"]!.AsString();
        // Hints applied later are laid over those of the declaration; an empty one removes.
        if (description["apply_hints"] is { } later)
            description = JsonValue
                .Object(description.Members
                    .Concat(later.Members.Select(h => h.Value is { Kind: JsonKind.String } text
                        && text.AsString().Length == 0 ? KeyValuePair.Create(h.Key, JsonValue.Null) : h)));
        var hints = Hints(description, runArguments);
        Resource resource;
        if (description["transformer_of"] is { } parentName)
        {
            var parent = earlier.Find(r => r.Name == parentName.AsString())!;
            resource = parent.Transform<JsonValue, JsonValue>(name, (item, _, _) => Explode(item, description["transform"]!), hints);
        }
        else
        {
            resource = Resource.Create(name, (context, _) => Pages(description, context), hints);
        }

        if (description["add_limit"] is { } limit)
            resource = resource.WithLimit((int)limit["max_items"]!.AsInt64(), countRows: limit["count_rows"] is { Kind: JsonKind.True });
        return description["selected"] is { Kind: JsonKind.False } ? resource.Unselected() : resource;
    }

    private async IAsyncEnumerable<object?> Pages(JsonValue description, ResourceContext context)
    {
        await Task.CompletedTask;
        if (description["state"] is { } state)
        {
            var target = state["scope"]?.AsString() == "source" ? context.SourceState : context.State;
            foreach (var (key, value) in state["set"]?.Members.AsEnumerable() ?? []) target[key] = CaseValue.ToExtracted(value);
            foreach (var key in state["count"]?.Items ?? [])
                target.Update(key.AsString(), old => JsonValue.Integer((old is { Kind: JsonKind.Integer } ? old.AsInt64() : 0) + 1));
        }

        var fail = description["raise_after_pages"] is { Kind: JsonKind.Integer } after ? after.AsInt64() : -1;
        foreach (var page in RawPages(description))
        {
            if (fail-- == 0) throw new InvalidOperationException("the generator fails");
            yield return Steps(page, description);
        }

        if (fail == 0) throw new InvalidOperationException("the generator fails");
    }

    private IEnumerable<object?> RawPages(JsonValue description)
    {
        if (description["items"] is { } items) yield return items;
        foreach (var page in description["pages"]?.Items ?? []) yield return page;
        foreach (var item in description["each"]?.Items ?? []) yield return item;
        if (description["input"] is not { } input) yield break;
        var path = Path.Combine(inputs, input.AsString());
        switch (Path.GetExtension(path))
        {
            case ".json":
                yield return new RawJson(File.ReadAllBytes(path), path);
                break;
            case ".jsonl":
                foreach (var line in File.ReadLines(path).Where(l => l.Trim().Length > 0))
                    yield return new RawJson(System.Text.Encoding.UTF8.GetBytes(line), path);
                break;
            case ".txt":
                yield return File.ReadAllText(path).TrimEnd('\n').Split('\n');
                break;
            case ".arrows" or ".parquet":
                foreach (var batch in ArrowFile.Read(path, description["batches"] is { Kind: JsonKind.Integer } rows
                    ? (int)rows.AsInt64() : null)) yield return description["as"]?.AsString() == "pandas"
                    ? ArrowFile.AsFrame(batch) : batch;
                break;
            default:
                throw new NotDrivenException($"an input {Path.GetExtension(path)}");
        }
    }

    private static object? Steps(object? page, JsonValue description)
    {
        if (page is not JsonValue json)
            return description["filter"] is null && description["map_set"] is null
                ? page : throw new NotDrivenException("a filter on files");
        var items = json.Kind == JsonKind.Array ? json.Items : [json];
        IEnumerable<object?> result = items.Select(Item);
        if (description["filter"] is { } filter)
            result = result.Where(
                i => i is JsonValue { Kind: JsonKind.Object } o && o[filter["field"]!.AsString()]?.Equals(filter["value"]) == true);
        if (description["map_set"] is { } set)
            result = result.Select(i => JsonValue.Object(((JsonValue)i!).Members.Concat(CaseValue.ToExtracted(set).Members)));
        var list = result.ToList();
        return json.Kind == JsonKind.Array ? list : list.SingleOrDefault();
    }

    public static object? Item(JsonValue item)
    {
        if (item.Kind == JsonKind.Object && item["$table"] is { } table)
            return Dlt.Mark.WithTableName(CaseValue.ToExtracted(item["item"]!), table.AsString());
        if (item.Kind == JsonKind.Object && item["$materialize"] is not null) return new EmptyTable();
        if (item.Kind == JsonKind.Object && item["$hints"] is not null) return CaseItemHints.Item(item);
        return CaseValue.ToExtracted(item);
    }

    private static async IAsyncEnumerable<JsonValue> Explode(JsonValue item, JsonValue transform)
    {
        await Task.CompletedTask;
        var list = item[transform["explode"]!.AsString()];
        if (list is not { Kind: JsonKind.Array }) yield break;
        yield return JsonValue.Array([.. list.Items.Select(element =>
        {
            var row = element.Kind == JsonKind.Object ? element : JsonValue.Object(("value", element));
            foreach (var (to, from) in transform["add"]?.Members.AsEnumerable() ?? [])
                row = row.With(to, item[from.AsString()] ?? JsonValue.Null);
            return row;
        })]);
    }

    private ResourceHints Hints(JsonValue description, JsonValue? runArguments)
    {
        JsonValue? Get(string name) => runArguments?[name] ?? description[name];
        var disposition = CaseDisposition.Of(Get("write_disposition"));
        List<KeyValuePair<string, JsonValue>> additional = [.. disposition?.Options ?? []];
        if (description["references"] is { } references) additional.Add(new("references", references));
        additional.AddRange(description["additional_table_hints"]?.Members.AsEnumerable() ?? []);
        var (primaryKey, mergeKey) = (Names(Get("primary_key")).ToList(), Names(description["merge_key"]).ToList());
        var format = tableFormat ?? description["table_format"]?.AsString();
        var tableName = Get("table_name");
        return new()
        {
            WriteDisposition = disposition?.Disposition ?? WriteDisposition.Append,
            MergeStrategy = disposition?.Strategy,
            Columns = [.. disposition?.Declare(Columns(Get("columns")), [.. primaryKey, .. mergeKey]) ?? Columns(Get("columns"))],
            PrimaryKey = [.. primaryKey],
            MergeKey = [.. mergeKey],
            MaxTableNesting = description["max_table_nesting"] is { Kind: JsonKind.Integer } nesting ? (int)nesting.AsInt64() : null,
            SchemaContract = SchemaContract.Parse(Get("schema_contract")),
            Incremental = description["incremental"] is { Kind: JsonKind.Object } incremental
                ? Units.IncrementalTests.Settings(incremental, CaseValue.ToExtracted, CursorSample(description, incremental))
                : null,
            Nested = [.. Nested(description["nested_hints"])],
            TableFormat = HintText.Format(format is null ? null : JsonValue.String(format), ""),
            TableName = tableName is { Kind: JsonKind.String } ? tableName.AsString() : null,
            TableNameOf = TableNameOf(tableName),
            Additional = [.. additional],
        };
    }

    /// <summary>The first value of the cursor in the items of a resource; null without one.</summary>
    private static JsonValue? CursorSample(JsonValue description, JsonValue incremental)
    {
        var path = incremental["cursor_path"]!.AsString();
        return description.Members.Where(m => m.Key != "incremental").Select(m => Find(m.Value)).FirstOrDefault(v => v is not null);

        JsonValue? Find(JsonValue value) => value.Kind switch
        {
            JsonKind.Array => value.Items.Select(Find).FirstOrDefault(v => v is not null),
            JsonKind.Object when value[path] is { IsNull: false } found => found,
            JsonKind.Object => value.Members.Select(m => Find(m.Value)).FirstOrDefault(v => v is not null),
            _ => null,
        };
    }

    public static Func<JsonValue, string>? TableNameOf(JsonValue? tableName) =>
        tableName is { Kind: JsonKind.Object } ? item => item[tableName["$field"]!.AsString()]!.AsString() : null;

    public static IEnumerable<NestedHints> Nested(JsonValue? hints) =>
        (hints?.Members.AsEnumerable() ?? []).Select(n => new NestedHints([.. n.Key.Split('.')])
        {
            Columns = [.. Columns(n.Value["columns"])],
            PrimaryKey = [.. Names(n.Value["primary_key"])],
            MergeKey = [.. Names(n.Value["merge_key"])],
        });

    public static IEnumerable<string> Names(JsonValue? names) => names switch
    {
        null or { Kind: JsonKind.Null } => [],
        { Kind: JsonKind.String } => [names.AsString()],
        _ => names.Items.Select(n => n.AsString()),
    };

    public static IEnumerable<ColumnSchema> Columns(JsonValue? columns) => columns switch
    {
        null or { Kind: JsonKind.Null } => [],
        { Kind: JsonKind.Array } => columns.Items.Select(c => new ColumnSchema(c)),
        _ => columns.Members.Select(
            c => new ColumnSchema(JsonValue.Object(c.Value.Members.Prepend(KeyValuePair.Create("name", JsonValue.String(c.Key)))))),
    };
}
