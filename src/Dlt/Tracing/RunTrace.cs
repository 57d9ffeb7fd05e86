using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Dlt.Configuration;
using Dlt.Diagnostics;
using Dlt.Json;
using Dlt.Retries;

namespace Dlt.Tracing;

/// <summary>Makes the trace of a run from the ends of its steps.</summary>
/// <param name="pipeline">The pipeline.</param>
/// <param name="context">Folders and profile of the run.</param>
/// <param name="settings">What the run found in the configuration.</param>
/// <param name="time">The clock.</param>
internal sealed partial class RunTrace(string pipeline, RunContext context, SettingsLog settings, TimeProvider time)
    : RunObserver
{
    private readonly DateTimeOffset _started = time.GetUtcNow();
    private readonly List<PipelineStepTrace> _steps = [];

    /// <summary>When the run began.</summary>
    public DateTimeOffset StartedAt => _started;

    /// <summary>The steps that succeeded and did something, in order.</summary>
    public ImmutableArray<StepInfo> Completed =>
        [.. _steps.Where(s => s.Outcome is not null && s.Step is not StepNames.Sync)
            .Select(s => new StepInfo(s.Step, s.StartedAt, s.FinishedAt))];

    /// <summary>False: the trace stays in memory.</summary>
    public bool IsWritten { get; init; } = true;

    /// <summary>Notes a step that failed or did something; the run itself is noted at its end.</summary>
    public override void StepEnded(StepEnd end)
    {
        if (end.Step == StepNames.Run || (end.Outcome is null && end.Error is null)) return;
        Add(end.Step, end.StartedAt, end.FinishedAt, end.Outcome, end.Error);
    }

    /// <summary>The trace of the run that ends now.</summary>
    /// <param name="outcome">What it loaded; null for a run that failed.</param>
    /// <param name="error">What ended it; null for a run that succeeded.</param>
    public PipelineTrace End(StepOutcome? outcome, Exception? error)
    {
        Add(StepNames.Run, _started, time.GetUtcNow(), outcome, error);
        return new()
        {
            TransactionId = NewId(),
            PipelineName = pipeline,
            Profile = context.Profile,
            StartedAt = _started,
            FinishedAt = _steps[^1].FinishedAt,
            Steps = [.. _steps],
            ResolvedConfigValues = [.. settings.Found.Select(ToValue)],
        };
    }

    private void Add(string name, DateTimeOffset started, DateTimeOffset finished, StepOutcome? outcome, Exception? error) =>
        _steps.Add(new(NewId(), name, started, finished)
        {
            Outcome = outcome,
            StepException = error is null ? null : Safe(error.Message),
            ExceptionTraces = error is null ? [] : [.. Chain(error).Select(ToTrace)],
        });

    private static IEnumerable<Exception> Chain(Exception error)
    {
        for (var at = error; at is not null; at = at.InnerException) yield return at;
    }

    private ExceptionTrace ToTrace(Exception error) => new(
        error.GetType().FullName!, Safe(error.Message), !Failure.MayPass(error),
        [.. (error.StackTrace ?? "").Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)]);

    /// <summary>Errors of sources are of any kind: what they say of addresses may hold keys and signatures.</summary>
    public string Safe(string text) => settings.Hide(Address().Replace(text, found => SafeUrl.Of(found.Value)));

    private static ResolvedConfigValue ToValue(FoundSetting setting) =>
        new(setting.Key, setting.Sections, Text(setting.Value), setting.Provider)
        {
            DefaultValue = Text(setting.Default), IsSecretHint = setting.IsSecret, ConfigTypeName = setting.Record,
            ProviderLocation = setting.Location,
        };

    private static string? Text(JsonValue? value) =>
        value is null or { IsNull: true } ? null : value.Kind == JsonKind.String ? value.AsString() : value.ToString();

    private static string NewId() => Guid.NewGuid().ToString("n");

    [GeneratedRegex("""[A-Za-z][A-Za-z0-9+.-]*://[^\s'"<>]+""")]
    private static partial Regex Address();
}
