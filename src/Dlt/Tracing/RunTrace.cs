using System.Collections.Immutable;
using Dlt.Configuration;
using Dlt.Diagnostics;
using Dlt.Internal;

namespace Dlt.Tracing;

/// <summary>Records the steps of a run and makes its trace.</summary>
/// <param name="pipeline">Name of the pipeline.</param>
/// <param name="configuration">Configuration of the run; messages are recorded without its secrets.</param>
/// <param name="settings">Settings that the run read from the configuration.</param>
/// <param name="time">Clock of the run.</param>
internal sealed class RunTrace(string pipeline, DltConfiguration configuration, SettingsLog settings, TimeProvider time) : RunObserver
{
    private readonly DateTimeOffset _started = time.GetUtcNow();
    private readonly List<PipelineStepTrace> _steps = [];

    /// <summary>When the run began.</summary>
    public DateTimeOffset StartedAt => _started;

    /// <summary>The steps that succeeded and did something, in order.</summary>
    public ImmutableArray<StepInfo> Completed
    {
        get
        {
            var completed = _steps.Where(s => s.Outcome is not null && s.Step is not StepNames.Sync);
            return [.. completed.Select(s => new StepInfo(s.Step, s.StartedAt, s.FinishedAt))];
        }
    }

    /// <summary>False: the trace is not written to disk.</summary>
    public bool IsWritten { get; init; } = true;

    /// <summary>Records a step that failed or did something. The end of the run is recorded by <see cref="End"/>.</summary>
    public override void StepEnded(StepEnd end)
    {
        if (end.Step == StepNames.Run || (end.Outcome is null && end.Error is null)) return;
        Add(end.Step, end.StartedAt, end.FinishedAt, end.Outcome, end.Error);
    }

    /// <summary>Ends the run and returns its trace.</summary>
    /// <param name="outcome">Result of the run; null when it failed.</param>
    /// <param name="error">Error that ended the run; null when it succeeded.</param>
    public PipelineTrace End(StepOutcome? outcome, Exception? error)
    {
        Add(StepNames.Run, _started, time.GetUtcNow(), outcome, error);
        return new()
        {
            TransactionId = NewId(),
            PipelineName = pipeline,
            Profile = configuration.Context.Profile,
            StartedAt = _started,
            FinishedAt = _steps[^1].FinishedAt,
            Steps = [.. _steps],
            ResolvedConfigValues = [.. settings.Found.Select(ToValue)],
        };
    }

    private void Add(string name, DateTimeOffset started, DateTimeOffset finished, StepOutcome? outcome, Exception? error)
    {
        _steps.Add(new(NewId(), name, started, finished)
        {
            Outcome = outcome,
            StepException = error is null ? null : Safe(error.Message),
            ExceptionTraces = error is null ? [] : [.. Chain(error).Select(ToTrace)],
        });
    }

    private static IEnumerable<Exception> Chain(Exception error)
    {
        for (var at = error; at is not null; at = at.InnerException) yield return at;
    }

    private ExceptionTrace ToTrace(Exception error) => new(
        error.GetType().FullName!, Safe(error.Message), !Failure.MayPass(error),
        [.. (error.StackTrace ?? "").Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)]);

    private string Safe(string text) => configuration.Secrets.Hide(text);

    private static ResolvedConfigValue ToValue(FoundSetting setting) =>
        new(setting.Key, setting.Sections, Text(setting.Value), setting.Provider)
        {
            DefaultValue = Text(setting.Default),
            IsSecretHint = setting.IsSecret,
            ConfigTypeName = setting.Record,
            ProviderLocation = setting.Location,
        };

    private static string? Text(JsonValue? value) =>
        value is null or { IsNull: true } ? null : value.Kind == JsonKind.String ? value.AsString() : value.ToString();

    private static string NewId() => Guid.NewGuid().ToString("n");
}
