namespace Dlt.Tracing;

/// <summary>
/// Observes a run. The progress display, <c>trace.json</c>, spans, measurements and the log are observers; each overrides the methods that
/// it needs. Steps and packages are reported one after another, rows and files from several threads.
/// </summary>
internal abstract class RunObserver
{
    /// <summary>Called when a step begins. The step <c>run</c> contains the other steps.</summary>
    /// <param name="step">Name of the step (<see cref="Diagnostics.StepNames"/>).</param>
    public virtual void StepBegan(string step)
    {
    }

    /// <summary>Called when the step that began last has ended.</summary>
    public virtual void StepEnded(StepEnd end)
    {
    }

    /// <summary>Called when a step begins to work on a package.</summary>
    /// <param name="step">Name of the step.</param>
    /// <param name="schema">Name of the source or schema.</param>
    /// <param name="loadId">Load id of the package; null while it has none.</param>
    public virtual void PackageBegan(string step, string schema, string? loadId)
    {
    }

    /// <summary>Called when the step has finished the package that began last, with or without an error.</summary>
    public virtual void PackageEnded()
    {
    }

    /// <summary>Called when a step has handled items of a table: a page, or a chunk of a file.</summary>
    /// <param name="step">Name of the step.</param>
    /// <param name="table">The table.</param>
    /// <param name="rows">Number of items.</param>
    /// <param name="bytes">Bytes that the step has written or read for them; 0 when not known.</param>
    public virtual void RowsHandled(string step, string table, long rows, long bytes)
    {
    }

    /// <summary>Called with how much of the work on a table is done, in a unit of the step or the source.</summary>
    /// <param name="table">The table.</param>
    /// <param name="done">Work that is done.</param>
    /// <param name="total">All work; null when it is not known.</param>
    public virtual void Advanced(string table, long done, long? total)
    {
    }

    /// <summary>Called when a file was staged.</summary>
    /// <param name="table">Table of the file.</param>
    /// <param name="rows">
    /// All rows of the table with its first file, 0 with its further files, because a package counts rows by table.
    /// </param>
    /// <param name="bytes">Size of the file in bytes.</param>
    public virtual void FileStaged(string table, long rows, long bytes)
    {
    }
}

/// <summary>End of a step.</summary>
/// <param name="Step">Name of the step.</param>
/// <param name="StartedAt">When the step began.</param>
/// <param name="FinishedAt">When the step ended.</param>
/// <param name="Duration">Duration by a monotonic clock.</param>
/// <param name="Outcome">Result of the step; null when it had nothing to do or failed.</param>
/// <param name="Error">Error that ended the step; null when it succeeded.</param>
internal sealed record StepEnd(
    string Step, DateTimeOffset StartedAt, DateTimeOffset FinishedAt, TimeSpan Duration, StepOutcome? Outcome, Exception? Error);
