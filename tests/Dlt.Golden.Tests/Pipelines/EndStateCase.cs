using System.Text.RegularExpressions;
using Dlt.Golden.Differences;
using Dlt.Golden.Harness;
using Dlt.Json;

namespace Dlt.Golden.Pipelines;

/// <summary>
/// The end states of dlt/pipelines: what each run of a case with a merge left in DuckDB (README, "duckdb"). Our runs load into Iceberg
/// tables.
/// </summary>
internal static partial class EndStateCase
{
    public const string Unit = "duckdb";

    public static bool Is(GoldenCase golden) => golden.Folder == PipelineCase.Folder && golden.Unit == Unit;

    public static IEnumerable<GoldenCase> All() => PipelineCase.All()
        .Where(c => c["athena_table_format"] is { Kind: JsonKind.String } format && format.AsString() == "iceberg"
            && PipelineCase.IsOfAthena(c) && Merges(c.Input) && Directory.Exists(Path.Combine(FolderOf(c.Id), "expected", Unit)))
        .Select(c => Load(c.Id));

    /// <param name="id">The name of a case, after <c>duckdb/</c> or not.</param>
    public static GoldenCase Load(string id)
    {
        var name = id[(id.LastIndexOf('/') + 1)..];
        var folder = FolderOf(name);
        var golden = PipelineCase.Load(folder);
        return new(
            PipelineCase.Folder, Unit, $"{Unit}/{name}", golden.Input,
            () => Expected(Path.Combine(folder, "expected", Unit), golden.Expected), () => golden.Files);
    }

    /// <summary>True when somewhere a write disposition is merge.</summary>
    private static bool Merges(JsonValue input) => GoldenJson.Any(input, json => json.Kind == JsonKind.Object
        && (json["write_disposition"] is { Kind: JsonKind.Object } options ? options["disposition"] : json["write_disposition"])
            is { Kind: JsonKind.String } word && word.AsString() == "merge");

    private static string FolderOf(string name) => Path.Combine(GoldenFolder.Find(PipelineCase.Folder)!, name);

    /// <summary>Of each run its error, if any, the rows of every table that has some, and those of its package for Athena.</summary>
    private static JsonValue Expected(string folder, JsonValue ofAthena) => JsonValue.Object(
        Directory.GetDirectories(folder).Order(StringComparer.Ordinal).Select(path => KeyValuePair.Create(
            Path.GetFileName(path), RunOf(path, ofAthena[Path.GetFileName(path)]?["tables"] ?? JsonValue.EmptyObject))));

    private static JsonValue RunOf(string folder, JsonValue ofAthena)
    {
        var run = JsonParser.Parse(File.ReadAllBytes(Path.Combine(folder, "run.json")));
        var counts = run["row_counts"]?[LoadedTables.Dataset]?.Members.AsEnumerable() ?? [];
        var tables = counts.Where(c => c.Key[0] != '_' && c.Value.AsInt64() > 0)
            .Select(c => KeyValuePair.Create(c.Key, RowsOf(c.Key, folder, ofAthena)));
        return JsonValue.Object(("error", run["error"] ?? JsonValue.Null), ("tables", JsonValue.Object(tables)), ("package", ofAthena));
    }

    /// <summary>Rows that equal those of the package for Athena are listed there only.</summary>
    private static JsonValue RowsOf(string table, string folder, JsonValue ofAthena)
    {
        var name = FileName().Replace(table, "_");
        var file = Path.Combine(folder, "tables", name + ".jsonl");
        if (File.Exists(file)) return PipelineCase.Rows(file);
        return ofAthena[name] ?? throw new NotDrivenException($"the table '{table}' without rows in {folder}");
    }

    [GeneratedRegex(@"[^A-Za-z0-9_.\-]")]
    private static partial Regex FileName();
}
