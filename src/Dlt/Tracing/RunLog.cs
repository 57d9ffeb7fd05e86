using Dlt.Diagnostics;
using Dlt.Logging;
using Microsoft.Extensions.Logging;

namespace Dlt.Tracing;

/// <summary>Logs what the steps of a run do.</summary>
/// <param name="pipeline">The pipeline.</param>
/// <param name="logger">The log.</param>
/// <param name="safe">Removes secrets from the message of an error.</param>
internal sealed class RunLog(string pipeline, ILogger logger, Func<string, string> safe) : RunObserver
{
    public override void StepBegan(string step) => LogMessages.StepBegan(logger, pipeline, step);

    public override void StepEnded(StepEnd end)
    {
        if (end.Error is { } error) Failed(end.Step, error);
        else if (end.Outcome is { } outcome) Succeeded(end, outcome);
    }

    public override void PackageBegan(string step, string schema, string? loadId) =>
        LogMessages.PackageBegan(logger, step, schema, loadId ?? "none yet");

    public override void FileStaged(string table, long rows, long bytes) => LogMessages.FileStaged(logger, table, bytes);

    /// <summary>The end of the run reports what ended one of its steps.</summary>
    private void Failed(string step, Exception error)
    {
        if (step != StepNames.Run) return;
        if (error is OperationCanceledException) LogMessages.RunStopped(logger, pipeline);
        else LogMessages.RunFailed(logger, pipeline, safe(error.Message));
    }

    private void Succeeded(StepEnd end, StepOutcome outcome)
    {
        var rows = outcome.RowCounts.Values.Sum();
        var seconds = end.Duration.TotalSeconds;
        if (end.Step == StepNames.Run) LogMessages.RunSucceeded(logger, pipeline, rows, outcome.Packages.Length, seconds);
        else if (end.Step == StepNames.Sync) LogMessages.StateRestored(logger, pipeline);
        else LogMessages.StepSucceeded(logger, pipeline, end.Step, rows, outcome.RowCounts.Count, seconds);
    }
}
