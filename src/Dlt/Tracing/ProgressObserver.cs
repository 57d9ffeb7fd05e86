using Dlt.Diagnostics;

namespace Dlt.Tracing;

/// <summary>Shows a run on the display of the program (<see cref="PipelineOptions.Progress"/>).</summary>
/// <param name="display">The display.</param>
/// <param name="warn">Receives the message of a display that fails to end. It must not replace the error of the run.</param>
internal sealed class ProgressObserver(IProgressDisplay display, Action<string> warn) : RunObserver
{
    public override void PackageBegan(string step, string schema, string? loadId) =>
        display.Begin(TitleOf(step), loadId is null ? schema : $"{schema} in {loadId}");

    public override void PackageEnded()
    {
        try
        {
            display.End();
        }
        catch (Exception error)
        {
            warn($"The progress display failed: {error.Message}");
        }
    }

    public override void RowsHandled(string step, string table, long rows, long bytes) => display.Add(table, rows, bytes);

    public override void Advanced(string table, long done, long? total) => display.Advance(table, done, total);

    public override void FileStaged(string table, long rows, long bytes) => display.Add(table, rows, bytes);

    private static string TitleOf(string step) => step switch
    {
        StepNames.Extract => "Extract",
        StepNames.Normalize => "Normalize",
        _ => "Load",
    };
}
