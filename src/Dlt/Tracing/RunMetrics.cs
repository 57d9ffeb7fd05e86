using System.Diagnostics;
using Dlt.Diagnostics;

namespace Dlt.Tracing;

/// <summary>
/// Counts rows, files, bytes and the time of steps. The rows of a step are the row counts of its outcome, as in the log and in the span.
/// </summary>
internal sealed class RunMetrics : RunObserver
{
    public override void StepEnded(StepEnd end)
    {
        var tags = new TagList { { AttributeNames.Step, end.Step } };
        if (end.Error is { } error) tags.Add(DltDiagnostics.ErrorType, DltDiagnostics.TypeOf(error));
        RunInstruments.StepDuration.Record(end.Duration.TotalSeconds, tags);
        // The publisher counts loaded rows, with the write mode and format of their table.
        if (end is { Step: StepNames.Extract or StepNames.Normalize, Outcome: { } outcome })
            RunInstruments.Rows.Add(outcome.Rows, new KeyValuePair<string, object?>(AttributeNames.Step, end.Step));
    }

    public override void FileStaged(string table, long rows, long bytes)
    {
        RunInstruments.Files.Add(1);
        RunInstruments.Bytes.Add(bytes);
    }
}
