using System.Globalization;
using Dlt.Diagnostics;

namespace Dlt;

/// <summary>Writes a trace in dlt's text form (dlt documentation, Inspect and adjust the runtime trace).</summary>
internal static class PipelineTraceText
{
    private const string NoFailedJobs = "and contains no failed jobs";

    public static string Write(PipelineTrace trace, bool withSettings)
    {
        var end = Ended(trace.HasFailed, trace.StartedAt, trace.FinishedAt);
        var head = string.Create(
            CultureInfo.InvariantCulture,
            $"Run started at {trace.StartedAt:yyyy-MM-dd HH:mm:ss} UTC and {end} with {trace.Steps.Length} steps.");
        if (withSettings && trace.ResolvedConfigValues.Length > 0)
            head += "\nFollowing config and secret values were resolved:\n"
                + string.Join('\n', trace.ResolvedConfigValues.Select(Setting)) + "\n";
        return head + "\n" + string.Join("\n\n", trace.Steps.Select(s => Step(trace, s)));
    }

    private static string Step(PipelineTrace trace, PipelineStepTrace step)
    {
        var text = $"Step {step.Step} {Ended(step.StepException is not null, step.StartedAt, step.FinishedAt)}.";
        if (step.StepException is { } error) return $"{text}\nFailed due to: {error}";
        return step.Outcome is { } outcome ? text + "\n" + string.Join('\n', Lines(trace, step, outcome)) : text;
    }

    private static IEnumerable<string> Lines(PipelineTrace trace, PipelineStepTrace step, StepOutcome outcome)
    {
        if (outcome.Target is { } target)
        {
            yield return outcome.Packages.IsEmpty
                ? $"Pipeline {trace.PipelineName} load step did not start"
                : $"Pipeline {trace.PipelineName} load step finished in {LoadInfo.Duration(LoadTime(trace, step))}";
            yield return string.Create(CultureInfo.InvariantCulture, $"{outcome.Packages.Length} load package(s) were loaded to "
                + $"destination {target.DestinationName} and into dataset {target.DatasetName}");
            yield return $"The {target.DestinationName} destination used {target.Location} location to store data";
        }
        else
        {
            if (step.Step == StepNames.Normalize) foreach (var line in Normalized(outcome)) yield return line;
            yield return "";
        }

        foreach (var package in outcome.Packages)
        {
            var state = package.State.ToString().ToUpperInvariant();
            yield return package.State == StoredPackageState.Loaded
                ? $"Load package {package.LoadId} is {state} {NoFailedJobs}"
                : $"Load package {package.LoadId} is {state} and NOT YET LOADED to the destination {NoFailedJobs}";
        }
    }

    /// <summary>Time of a load step; for the step <c>run</c>, of all load steps in it.</summary>
    private static TimeSpan LoadTime(PipelineTrace trace, PipelineStepTrace step)
    {
        var loads = step.Step == StepNames.Run ? trace.Steps.Where(s => s is { Step: StepNames.Load, Outcome: not null }) : [step];
        return TimeSpan.FromTicks(loads.Sum(s => (s.FinishedAt - s.StartedAt).Ticks));
    }

    private static IEnumerable<string> Normalized(StepOutcome outcome)
    {
        if (outcome.RowCounts.Count == 0) return ["No data found to normalize"];
        var rows = outcome.RowCounts.Select(t => string.Create(CultureInfo.InvariantCulture, $"- {t.Key}: {t.Value} row(s)"));
        return rows.Prepend("Normalized data for the following tables:");
    }

    private static string Ended(bool hasFailed, DateTimeOffset from, DateTimeOffset to) =>
        $"{(hasFailed ? "FAILED" : "COMPLETED")} in {LoadInfo.Duration(to - from)}";

    private static string Setting(ResolvedConfigValue setting)
    {
        var name = string.Join('.', setting.Sections.Append(setting.Key));
        var place = setting.ProviderLocation is { } location ? $"{setting.ProviderName} ({location})" : setting.ProviderName;
        return $"{name} = {setting.Value ?? (setting.IsSecretHint ? "<secret>" : "<not shown>")} from {place}";
    }
}
