using Dlt.Golden.Harness;
using Dlt.Json;

namespace Dlt.Golden.Pipelines;

/// <summary>The words of dlt/pipelines that the driver knows.</summary>
internal static class PipelineShapes
{
    private static readonly string[] OfCase =
    [
        "name", "about", "origin", "tags", "runs", "destinations", "config", "athena_table_format", "import_export",
        "sql_jobs", "trees", "bookkeeping", "frozen", "trace", "export_yaml",   // additional members of the recording
    ];

    private static readonly string[] OfRun = [
        "resources", "source", "inline", "run_args", "steps", "restart", "drop_local", "drop_pending", "edit_import"];

    private static readonly string[] OfArguments = [
        "refresh", "write_disposition", "table_name", "schema_contract", "primary_key", "columns"];

    private static readonly string[] OfSource = [
        "name", "with_resources", "max_table_nesting", "root_key", "schema_contract", "schema_settings", "propagation", "filters"];

    private static readonly string[] OfResource =
    [
        "name", "table_name", "write_disposition", "primary_key", "merge_key", "columns", "schema_contract", "table_format",
            "file_format", "references", "nested_hints", "max_table_nesting", "selected", "parallelized",
        "incremental", "items", "pages", "each", "input", "batches", "as", "one_by_one", "transformer_of", "transform", "state",
            "raise_after_pages", "filter", "map_set", "add_limit", "apply_hints",
    ];

    /// <summary>Counts and wordings for people, and what follows from the rest, are not compared.</summary>
    private static readonly string[] OfOutcome =
    [
        "ok", "error", "extract_row_counts", "normalize_row_counts", "packages",
        "texts", "warnings", "custom_metrics", "state_rows", "id_kinds", "unchanged_files",
    ];

    private static readonly string[] OfValues = [
        "$decimal", "$datetime", "$date", "$time", "$bytes", "$uuid", "$int", "$float", "$repeat", "$table", "$hints", "$materialize",
            "$field", "$ref"];

    /// <summary>The first word that the driver does not know; null when all are known.</summary>
    public static string? Unknown(GoldenCase golden) =>
        First(golden.Input, OfCase, "case")
        ?? golden["runs"]!.Items.Select(UnknownOfRun).FirstOrDefault(u => u is not null)
        ?? golden.Expected.Members.Select(r => r.Value["run.json"] is { } outcome ? First(outcome, OfOutcome, "run.json") : null)
            .FirstOrDefault(u => u is not null);

    private static string? UnknownOfRun(JsonValue run) =>
        First(run, OfRun, "run")
        ?? (run["source"] is { } source ? First(source, OfSource, "source") : null)
        ?? (run["run_args"] is { } arguments ? First(arguments, OfArguments, "run_args") : null)
        ?? (run["resources"]?.Items ?? []).Select(r => First(r, OfResource, "resource") ?? FormatOf(r) ?? UnknownValue(r))
            .FirstOrDefault(u => u is not null);

    private static string? First(JsonValue json, string[] known, string place) =>
        json.Members.Names.FirstOrDefault(n => n[0] != '+' && !known.Contains(n)) is { } name ? $"the member '{place}.{name}'" : null;

    private static string? FormatOf(JsonValue resource) =>
        resource["file_format"] is { Kind: JsonKind.String } format && format.AsString() is not ("parquet" or "preferred")
            ? $"the file format '{format.AsString()}'" : null;

    /// <summary>
    /// One-key objects with a dollar are values; those with an unknown key are plain data (README), so a key of capital letters or with
    /// digits is one.
    /// </summary>
    private static string? UnknownValue(JsonValue json) => json.Kind switch
    {
        JsonKind.Object =>
            json.Members.Names.FirstOrDefault(n => n.Length > 1 && n[0] == '$' && !OfValues.Contains(n)) is { } name
                ? $"the value '{name}'" : json.Members.Select(m => UnknownValue(m.Value)).FirstOrDefault(u => u is not null),
        JsonKind.Array => json.Items.Select(UnknownValue).FirstOrDefault(u => u is not null),
        _ => null,
    };
}
