using System.Collections.Immutable;
using System.Text;
using Dlt.Golden.Harness;
using Dlt.Json;

namespace Dlt.Golden.Pipelines;

/// <summary>An item that a case gives, in the form of the case.</summary>
/// <param name="Run">The run, from 0.</param>
/// <param name="Index">Its place among all items of the case.</param>
/// <param name="Resource">Its resource.</param>
/// <param name="Table">The table of the resource.</param>
/// <param name="Item">The item.</param>
internal sealed record InputItem(int Run, int Index, JsonValue Resource, string Table, JsonValue Item);

/// <summary>A field of an input item that is an object.</summary>
/// <param name="Source">The item.</param>
/// <param name="Name">The name in the item.</param>
/// <param name="Value">In the form of the case.</param>
internal sealed record InputField(InputItem Source, string Name, JsonValue Value)
{
    /// <summary>The column that the resource declares for the field.</summary>
    public JsonValue? Column => Source.Resource["columns"] switch
    {
        { Kind: JsonKind.Object } columns => columns[Name],
        { Kind: JsonKind.Array } columns => columns.Items.FirstOrDefault(c => c["name"]?.AsString() == Name),
        _ => null,
    };
}

/// <summary>The cases of dlt/pipelines.</summary>
internal static class PipelineCase
{
    public const string Folder = "dlt/pipelines";

    /// <summary>Additional members for people and for other destinations.</summary>
    private static readonly string[] NotCompared = [
        "bookkeeping.json", "pipeline_state_rows.json", "pipeline_folder", "pipeline_folder.txt", "trace.txt"];

    public static IEnumerable<GoldenCase> All() => GoldenFolder.Find(Folder) is { } root
        ? Directory.GetDirectories(root).Where(f => File.Exists(Path.Combine(f, "case.json"))).Order(StringComparer.Ordinal).Select(Load)
        : [];

    public static GoldenCase Load(string folder)
    {
        var name = Path.GetFileName(folder);
        var input = JsonParser.Parse(File.ReadAllBytes(Path.Combine(folder, "case.json")), Path.Combine(folder, "case.json"));
        return new(
            Folder, "", name, input, () =>
                ReadExpected(Path.Combine(folder, "expected", "athena")), () => ReadInputs(Path.Combine(folder, "inputs")));
    }

    /// <summary>True for a case that is compared up to its packages (<see cref="EndStateCase"/>).</summary>
    public static bool Is(GoldenCase golden) => golden.Folder == Folder && golden.Unit.Length == 0;

    /// <summary>Whether dlt ran the case for Athena.</summary>
    public static bool IsOfAthena(GoldenCase golden) =>
        golden["destinations"] is not { Kind: JsonKind.Array } destinations || destinations.Items.Any(d => d.AsString() == "athena");

    /// <summary>Items of the case or of a JSON file, in their order; nested tables and transformers are not followed.</summary>
    public static IEnumerable<InputItem> Items(GoldenCase golden)
    {
        var runs = golden["runs"]!.Items;
        var index = 0;
        for (var run = 0; run < runs.Length; run++)
        {
            foreach (var resource in runs[run]["resources"]?.Items ?? [])
            {
                var table = resource["table_name"] is { Kind: JsonKind.String } name ? name.AsString() : resource["name"]!.AsString();
                foreach (var (to, item) in ItemsOf(golden, resource).SelectMany(i => Unmarked(i, table)))
                    yield return new(run, index++, resource, to, item);
            }

            if (runs[run]["inline"] is { Kind: JsonKind.Array } inline)
                foreach (var item in inline.Items) yield return new(
                    run, index++, JsonValue.EmptyObject, runs[run]["run_args"]?["table_name"]?.AsString() ?? "inline", item);
        }
    }

    public static IEnumerable<InputField> Fields(GoldenCase golden) =>
        Items(golden).Where(i => i.Item.Kind == JsonKind.Object)
            .SelectMany(i => i.Item.Members.Select(m => new InputField(i, m.Key, m.Value)));

    /// <summary>Names of the Arrow and Parquet files of a case.</summary>
    public static IEnumerable<string> ArrowInputs(GoldenCase golden) => golden["runs"]!.Items
        .SelectMany(r => r["resources"]?.Items ?? []).Select(r => r["input"]).OfType<JsonValue>().Where(i => i.Kind == JsonKind.String)
            .Select(i => i.AsString())
        .Where(f => f.EndsWith(".arrows", StringComparison.Ordinal) || f.EndsWith(".parquet", StringComparison.Ordinal)).Distinct();

    /// <summary>The items within the marks <c>$table</c> and <c>$hints</c>, each with its table.</summary>
    private static IEnumerable<(string Table, JsonValue Item)> Unmarked(JsonValue item, string table)
    {
        var mark = item.Kind == JsonKind.Object ? item["$table"] ?? item["$hints"] : null;
        if (mark is null) return [(table, item)];
        var to = mark.Kind == JsonKind.String ? mark : item["create_table_variant"] is { Kind: JsonKind.True } ? mark["table_name"] : null;
        return (item["item"] switch
        {
            null or { Kind: JsonKind.Null } => [],
            { Kind: JsonKind.Array } page => page.Items.AsEnumerable(),
            { } one => [one],
        }).SelectMany(i => Unmarked(i, to?.AsString() ?? table));
    }

    private static IEnumerable<JsonValue> ItemsOf(GoldenCase golden, JsonValue resource)
    {
        foreach (
            var page in new[] { resource["items"] }.Concat(resource["pages"]?.Items ?? []).OfType<JsonValue>()
                .Concat(resource["each"]?.Items ?? []))
        {
            if (page.Kind != JsonKind.Array) yield return page;
            else
                foreach (var item in page.Items) yield return item;
        }

        if (resource["input"] is not { Kind: JsonKind.String } input) yield break;
        if (input.AsString().EndsWith(".jsonl", StringComparison.Ordinal))
            foreach (
                var line in JsonLines.Of(golden.Files[input.AsString()]).Where(l => JsonLines.IsJson(l))) yield return JsonParser.Parse(
                    line);
        if (
            !input.AsString().EndsWith(".json", StringComparison.Ordinal)
                || !JsonLines.IsJson(Encoding.UTF8.GetString(golden.Files[input.AsString()]))) yield break;
        var document = JsonParser.Parse(golden.Files[input.AsString()], input.AsString());
        foreach (var item in document.Kind == JsonKind.Array ? document.Items : [document]) yield return item;
    }

    /// <summary>Runs by name, each with its files by name; tables as lists of rows.</summary>
    private static JsonValue ReadExpected(string folder) => !Directory.Exists(folder)
        ? JsonValue.EmptyObject
        : JsonValue.Object(
            Directory.GetDirectories(folder).Order(StringComparer.Ordinal)
                .Select(run => KeyValuePair.Create(Path.GetFileName(run), ReadRun(run))));

    private static JsonValue ReadRun(string folder)
    {
        var members = new List<KeyValuePair<string, JsonValue>>();
        foreach (var path in Directory.GetFileSystemEntries(folder).Order(StringComparer.Ordinal))
        {
            var name = Path.GetFileName(path);
            if (NotCompared.Contains(name)) continue;
            members.Add(new(name, name switch
            {
                "tables" =>
                    JsonValue.Object(
                        Directory.GetFiles(path).Order(StringComparer.Ordinal)
                            .Select(f => KeyValuePair.Create(Path.GetFileNameWithoutExtension(f), Rows(f)))),
                _ when name.StartsWith("schema.", StringComparison.Ordinal) && name.EndsWith(".yaml", StringComparison.Ordinal) =>
                    JsonValue.String(File.ReadAllText(path)),
                "import" or "export" =>
                    JsonValue.Object(
                        Directory.GetFiles(path).Order(StringComparer.Ordinal)
                            .Select(f => KeyValuePair.Create(Path.GetFileName(f), JsonValue.String(File.ReadAllText(f))))),
                _ when name is "run.json" or "files.json" or "schema_updates.json" or "state.json"
                    || (name.StartsWith("schema.", StringComparison.Ordinal) && name.EndsWith(".json", StringComparison.Ordinal)) =>
                        JsonParser.Parse(File.ReadAllBytes(path), path),
                _ => throw new NotDrivenException($"the file '{name}' of a run"),
            }));
        }

        return JsonValue.Object(members);
    }

    /// <summary>Reads a file of rows; an empty line is no row.</summary>
    public static JsonValue Rows(string file) =>
        JsonValue.Array([.. File.ReadAllLines(file).Where(l => l.Length > 0).Select(l => JsonParser.Parse(l))]);

    private static ImmutableDictionary<string, byte[]> ReadInputs(string folder) => Directory.Exists(folder)
        ? Directory.GetFiles(folder).ToImmutableDictionary(f => Path.GetFileName(f), File.ReadAllBytes)
        : ImmutableDictionary<string, byte[]>.Empty;
}
