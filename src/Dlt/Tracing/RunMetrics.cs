using System.Diagnostics;
using Dlt.Diagnostics;

namespace Dlt.Tracing;

/// <summary>Counts what the steps of a run do.</summary>
internal sealed class RunMetrics : RunObserver
{
    public override void StepEnded(StepEnd end)
    {
        if (end.Outcome is null && end.Error is null) return;
        var tags = new TagList { { AttributeNames.Step, end.Step } };
        if (end.Error is { } error) tags.Add(DltDiagnostics.ErrorType, DltDiagnostics.TypeOf(error));
        RunInstruments.StepDuration.Record(end.Duration.TotalSeconds, tags);
        if (end is { Step: StepNames.Normalize, Outcome: { } outcome }) Count(end.Step, outcome.RowCounts.Values.Sum());
    }

    /// <summary>Chunks of normalise are items; the rows that they became are known at the end of the step.</summary>
    public override void RowsHandled(string step, string table, long rows)
    {
        if (step == StepNames.Extract) Count(step, rows);
    }

    public override void FileStaged(string table, long rows, long bytes)
    {
        RunInstruments.Files.Add(1);
        RunInstruments.Bytes.Add(bytes);
    }

    private static void Count(string step, long rows) =>
        RunInstruments.Rows.Add(rows, new KeyValuePair<string, object?>(AttributeNames.Step, step));
}
