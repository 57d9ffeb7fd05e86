
namespace Dlt.Tracing;

/// <summary>
/// Hears what happens in a run. The display of progress, <c>trace.json</c>, spans, measurements and the log are observers; each overrides
/// what it needs. Steps and packages come one after another; rows and files come from several threads.
/// </summary>
internal abstract class RunObserver
{
    /// <summary>A step begins (<see cref="Diagnostics.StepNames"/>); the other steps are within <c>run</c>.</summary>
    public virtual void StepBegan(string step)
    {
    }

    /// <summary>The step that began last has ended.</summary>
    public virtual void StepEnded(StepEnd end)
    {
    }

    /// <summary>A step begins with a package.</summary>
    /// <param name="step">The step.</param>
    /// <param name="schema">The source or schema.</param>
    /// <param name="loadId">The package; null while it has no id.</param>
    public virtual void PackageBegan(string step, string schema, string? loadId)
    {
    }

    /// <summary>The package that began last has ended, with or without an error.</summary>
    public virtual void PackageEnded()
    {
    }

    /// <summary>A step handled items of a table: a page, or a chunk of a file.</summary>
    public virtual void RowsHandled(string step, string table, long rows)
    {
    }

    /// <summary>A file was staged.</summary>
    /// <param name="table">Its table.</param>
    /// <param name="rows">All rows of the table with its first file, 0 with the others: a package counts rows by table.</param>
    /// <param name="bytes">Size of the file.</param>
    public virtual void FileStaged(string table, long rows, long bytes)
    {
    }
}

/// <summary>How a step ended.</summary>
/// <param name="Step">The step.</param>
/// <param name="StartedAt">When it began.</param>
/// <param name="FinishedAt">When it ended.</param>
/// <param name="Duration">Time that it took, by a clock that only goes forward.</param>
/// <param name="Outcome">What it did; null when there was nothing to do, or it failed.</param>
/// <param name="Error">What ended it; null when it succeeded.</param>
internal sealed record StepEnd(
    string Step, DateTimeOffset StartedAt, DateTimeOffset FinishedAt, TimeSpan Duration, StepOutcome? Outcome, Exception? Error);
