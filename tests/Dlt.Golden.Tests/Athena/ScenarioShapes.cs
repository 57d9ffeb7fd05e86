using Dlt.Golden.Harness;
using Dlt.Json;

namespace Dlt.Golden.Athena;

/// <summary>The words of a scenario that the driver knows.</summary>
internal static class ScenarioShapes
{
    private static readonly string[] OfGiven = ["destination", "staging", "pipeline", "env", "existing_lf_tags"];

    private static readonly string[] OfRun =
    [
        "resources", "source", "run_args", "fresh_machine", "action", "faults", "before_sql", "no_data", "args", "pipeline", "destination",
        "reads",
    ];

    private static readonly string[] OfArguments =
        ["refresh", "write_disposition", "table_name", "schema_contract", "primary_key", "columns"];

    private static readonly string[] OfPipeline = ["dataset_name", "pipeline_name", "dev_mode"];

    /// <summary>The first word that the driver does not know; null when all are known.</summary>
    public static string? Unknown(GoldenCase golden) =>
        First(golden["given"]!, OfGiven, "given")
        ?? First(golden["given"]!["pipeline"], OfPipeline, "pipeline")
        ?? golden["runs"]!.Items.Select(UnknownOfRun).FirstOrDefault(u => u is not null);

    private static string? UnknownOfRun(JsonValue run) =>
        First(run, OfRun, "run") ?? First(run["run_args"], OfArguments, "run_args") ?? First(run["pipeline"], OfPipeline, "pipeline")
        ?? (run["resources"]?.Items ?? []).Select(ScenarioResources.Unknown).FirstOrDefault(u => u is not null);

    private static string? First(JsonValue? json, string[] known, string place) =>
        json?.Members.Names.FirstOrDefault(n => !known.Contains(n)) is { } name ? $"the member '{place}.{name}'" : null;
}
