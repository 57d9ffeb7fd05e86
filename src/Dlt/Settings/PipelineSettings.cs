namespace Dlt.Settings;

/// <summary>
/// Settings of a pipeline (docs/spec/pipeline.md 1.2), from the sections <c>pipelines.&lt;name&gt;</c> and <c>pipelines</c>.
/// </summary>
internal sealed class PipelineSettings(DltConfiguration configuration, string pipeline, Action<string> warn)
{
    private readonly JsonValue _values = StepSpecs.Resolve(StepSpecs.Pipeline, configuration, pipeline, warn, "pipelines", pipeline);

    public string? DatasetName => Text("dataset_name");

    public string? DestinationName => Text("destination_name");

    public string? ImportSchemaPath => Text("import_schema_path");

    public string? ExportSchemaPath => Text("export_schema_path");

    public string? Refresh => Text("refresh");

    public bool RestoreFromDestination => _values["restore_from_destination"]!.AsBool();

    public bool UseSingleDataset => _values["use_single_dataset"]!.AsBool();

    public bool DevMode => _values["dev_mode"]!.AsBool();

    /// <summary>True: a run waits while another process or machine runs the pipeline.</summary>
    public bool WaitForLease => _values["wait_for_lease"]!.AsBool();

    /// <summary>True: each run writes <c>trace.json</c>.</summary>
    public bool EnableRuntimeTrace => _values["enable_runtime_trace"]!.AsBool();

    private string? Text(string field) => _values[field] is { Kind: JsonKind.String } value ? value.AsString() : null;
}
