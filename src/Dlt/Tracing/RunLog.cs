using Dlt.Diagnostics;
using Dlt.Internal;
using Dlt.Logging;
using Microsoft.Extensions.Logging;

namespace Dlt.Tracing;

/// <summary>Logs the steps, packages and files of a run.</summary>
/// <param name="pipeline">Name of the pipeline.</param>
/// <param name="logger">Log of the pipeline.</param>
/// <param name="hide">Hides secrets in the message of an error.</param>
internal sealed class RunLog(string pipeline, ILogger logger, Func<string, string> hide) : RunObserver
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

    /// <summary>Logs the end of the run. An error that ended a step also ends the run, so steps log none.</summary>
    private void Failed(string step, Exception error)
    {
        if (step != StepNames.Run) return;
        if (error is OperationCanceledException)
        {
            LogMessages.RunStopped(logger, pipeline);
            return;
        }

        LogMessages.RunFailed(logger, pipeline, hide(error.Message));
        ProgramLog.Reported(logger, error);
    }

    private void Succeeded(StepEnd end, StepOutcome outcome)
    {
        var rows = outcome.Rows;
        var seconds = end.Duration.TotalSeconds;
        if (end.Step == StepNames.Run) LogMessages.RunSucceeded(logger, pipeline, rows, outcome.Packages.Length, seconds);
        else if (end.Step == StepNames.Sync) LogMessages.StateRestored(logger, pipeline);
        else LogMessages.StepSucceeded(logger, pipeline, end.Step, rows, outcome.RowCounts.Count, seconds);
    }
}
