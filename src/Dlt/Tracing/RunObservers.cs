namespace Dlt.Tracing;

/// <summary>Passes each event of a run to several observers in their order; the end of a step or package in reverse order.</summary>
internal sealed class RunObservers(params RunObserver[] observers) : RunObserver
{
    public override void StepBegan(string step)
    {
        foreach (var observer in observers) observer.StepBegan(step);
    }

    public override void StepEnded(StepEnd end)
    {
        for (var i = observers.Length - 1; i >= 0; i--) observers[i].StepEnded(end);
    }

    public override void PackageBegan(string step, string schema, string? loadId)
    {
        foreach (var observer in observers) observer.PackageBegan(step, schema, loadId);
    }

    public override void PackageEnded()
    {
        for (var i = observers.Length - 1; i >= 0; i--) observers[i].PackageEnded();
    }

    public override void RowsHandled(string step, string table, long rows, long bytes)
    {
        foreach (var observer in observers) observer.RowsHandled(step, table, rows, bytes);
    }

    public override void Advanced(string table, long done, long? total)
    {
        foreach (var observer in observers) observer.Advanced(table, done, total);
    }

    public override void FileStaged(string table, long rows, long bytes)
    {
        foreach (var observer in observers) observer.FileStaged(table, rows, bytes);
    }
}
