using System.Collections.Immutable;
using System.Globalization;
using Dlt.Lake;

namespace Dlt;

/// <summary>
/// Reads and writes <c>trace.json</c>: dlt's member names, times in ISO 8601 format (docs/commands.md, "dlt pipeline trace").
/// </summary>
internal static class PipelineTraceJson
{
    public static JsonValue Write(PipelineTrace trace)
    {
        var context = JsonValue.Object(("name", JsonValue.String("dlt")));
        if (trace.Profile is { } profile) context = context.With("profile", JsonValue.String(profile));
        return JsonValue.Object(
            ("transaction_id", JsonValue.String(trace.TransactionId)),
            ("pipeline_name", JsonValue.String(trace.PipelineName)),
            ("execution_context", JsonValue.Object(("run_context", context))),
            ("started_at", Time(trace.StartedAt)),
            ("finished_at", Time(trace.FinishedAt)),
            ("steps", Array(trace.Steps, Step)),
            ("resolved_config_values", Array(trace.ResolvedConfigValues, Setting)),
            ("engine_version", JsonValue.Integer(PipelineTrace.EngineVersion)));
    }

    /// <exception cref="DltException">The trace has another version.</exception>
    /// <exception cref="InvalidOperationException">A member is missing or of the wrong type.</exception>
    public static PipelineTrace Read(JsonValue json)
    {
        if (json["engine_version"]!.AsInt64() is var version and not PipelineTrace.EngineVersion)
        {
            throw new DltException($"It is a trace of version {version}; this version of dlt reads {PipelineTrace.EngineVersion}.");
        }

        return new()
        {
            TransactionId = json["transaction_id"]!.AsString(),
            PipelineName = json["pipeline_name"]!.AsString(),
            Profile = json["execution_context"]?["run_context"]?["profile"]?.AsString(),
            StartedAt = Time(json["started_at"]!),
            FinishedAt = Time(json["finished_at"]!),
            Steps = [.. json["steps"]!.Items.Select(Step)],
            ResolvedConfigValues = [.. json["resolved_config_values"]!.Items.Select(Setting)],
        };
    }

    private static JsonValue Step(PipelineStepTrace step) => JsonValue.Object(
        ("span_id", JsonValue.String(step.SpanId)),
        ("step", JsonValue.String(step.Step)),
        ("started_at", Time(step.StartedAt)),
        ("finished_at", Time(step.FinishedAt)),
        ("step_info", step.Outcome is { } outcome ? Outcome(outcome) : JsonValue.Null),
        ("step_exception", JsonValue.String(step.StepException)),
        ("exception_traces", Array(step.ExceptionTraces, Exception)));

    private static PipelineStepTrace Step(JsonValue json) =>
        new(json["span_id"]!.AsString(), json["step"]!.AsString(), Time(json["started_at"]!), Time(json["finished_at"]!))
        {
            Outcome = json["step_info"] is { Kind: JsonKind.Object } info ? Outcome(info) : null,
            StepException = Text(json["step_exception"]),
            ExceptionTraces = [.. json["exception_traces"]!.Items.Select(Exception)],
        };

    private static JsonValue Outcome(StepOutcome outcome)
    {
        var info = JsonValue.Object(
            ("loads_ids", Array(outcome.Packages, p => JsonValue.String(p.LoadId))),
            ("load_packages", Array(outcome.Packages, p => JsonValue.Object(
                ("load_id", JsonValue.String(p.LoadId)), ("state", JsonValue.String(p.State.ToString().ToLowerInvariant()))))),
            ("row_counts", JsonValue.Object(outcome.RowCounts.Select(r => KeyValuePair.Create(r.Key, JsonValue.Integer(r.Value))))),
            ("is_empty", JsonValue.Bool(outcome.Packages.IsEmpty)));
        if (outcome.Queries is { Queries: > 0 } usage) info = info.With("queries", Usage(usage));
        return outcome.Target is not { } target ? info : info
            .With("destination_name", JsonValue.String(target.DestinationName))
            .With("dataset_name", JsonValue.String(target.DatasetName))
            .With("destination_displayable_credentials", JsonValue.String(target.Location));
    }

    private static StepOutcome Outcome(JsonValue json) => new()
    {
        Packages = [.. json["load_packages"]!.Items.Select(p => new TracedPackage(
            p["load_id"]!.AsString(), Enum.Parse<StoredPackageState>(p["state"]!.AsString(), ignoreCase: true)))],
        RowCounts = json["row_counts"]!.Members.ToImmutableSortedDictionary(m => m.Key, m => m.Value.AsInt64(), StringComparer.Ordinal),
        Target = json["destination_name"] is { } name
            ? new(name.AsString(), json["dataset_name"]!.AsString(), json["destination_displayable_credentials"]!.AsString())
            : null,
        Queries = json["queries"] is { Kind: JsonKind.Object } usage ? Usage(usage) : QueryUsage.None,
    };

    private static JsonValue Usage(QueryUsage usage) => JsonValue.Object(
        ("count", JsonValue.Integer(usage.Queries)),
        ("bytes_scanned", JsonValue.Integer(usage.BytesScanned)),
        ("estimated_cost", usage.EstimatedCost is { } cost ? JsonValue.Real((double)cost) : JsonValue.Null));

    private static QueryUsage Usage(JsonValue json) => new(
        (int)json["count"]!.AsInt64(), json["bytes_scanned"]!.AsInt64(),
        json["estimated_cost"] is { IsNull: false } cost ? (decimal)cost.AsDouble() : null);

    private static JsonValue Exception(ExceptionTrace error) => JsonValue.Object(
        ("message", JsonValue.String(error.Message)),
        ("exception_type", JsonValue.String(error.ExceptionType)),
        ("is_terminal", JsonValue.Bool(error.IsTerminal)),
        ("stack_trace", Array(error.StackTrace, JsonValue.String)));

    private static ExceptionTrace Exception(JsonValue json) => new(
        json["exception_type"]!.AsString(), json["message"]!.AsString(), json["is_terminal"]!.AsBool(),
        [.. json["stack_trace"]!.Items.Select(l => l.AsString())]);

    private static JsonValue Setting(ResolvedConfigValue setting) => JsonValue.Object(
        ("key", JsonValue.String(setting.Key)),
        ("value", JsonValue.String(setting.Value)),
        ("default_value", JsonValue.String(setting.DefaultValue)),
        ("is_secret_hint", JsonValue.Bool(setting.IsSecretHint)),
        ("sections", Array(setting.Sections, JsonValue.String)),
        ("provider_name", JsonValue.String(setting.ProviderName)),
        ("config_type_name", JsonValue.String(setting.ConfigTypeName)),
        ("provider_location", JsonValue.String(setting.ProviderLocation)));

    private static ResolvedConfigValue Setting(JsonValue json) => new(
        json["key"]!.AsString(), [.. json["sections"]!.Items.Select(s => s.AsString())], Text(json["value"]),
        json["provider_name"]!.AsString())
    {
        DefaultValue = Text(json["default_value"]),
        IsSecretHint = json["is_secret_hint"]!.AsBool(),
        ConfigTypeName = Text(json["config_type_name"]),
        ProviderLocation = Text(json["provider_location"]),
    };

    private static string? Text(JsonValue? value) => value is { Kind: JsonKind.String } text ? text.AsString() : null;

    private static JsonValue Array<T>(ImmutableArray<T> items, Func<T, JsonValue> json) => JsonValue.Array([.. items.Select(json)]);

    private static JsonValue Time(DateTimeOffset time) => JsonValue.String(time.UtcDateTime.ToString("O", CultureInfo.InvariantCulture));

    private static DateTimeOffset Time(JsonValue time) =>
        DateTimeOffset.Parse(time.AsString(), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
}
