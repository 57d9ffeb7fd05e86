namespace Dlt;

/// <summary>Receives the progress of a run: steps, tables, rows and bytes. Several threads call it.</summary>
public interface IProgressDisplay
{
    /// <summary>Called when a step begins.</summary>
    /// <param name="step"><c>Extract</c>, <c>Normalize</c> or <c>Load</c>.</param>
    /// <param name="what">Name of the source, or of the schema and the package.</param>
    void Begin(string step, string what);

    /// <summary>Called with the rows of a table that were handled since the last call for that table.</summary>
    /// <param name="table">Name of the table.</param>
    /// <param name="rows">Number of rows, 0 or more.</param>
    /// <param name="bytes">Number of bytes of files; 0 when unknown.</param>
    void Add(string table, long rows, long bytes = 0);

    /// <summary>
    /// Called with how much of the work on a table is done, in a unit of the step or the source: files, pages, items, bytes. The share of
    /// the total says what remains.
    /// </summary>
    /// <param name="table">Name of the table.</param>
    /// <param name="done">Work that is done, 0 or more. It replaces that of earlier calls.</param>
    /// <param name="total">All work on the table; null when it is not known.</param>
    void Advance(string table, long done, long? total)
    {
    }

    /// <summary>Called when a request or a call waits before it is repeated.</summary>
    /// <param name="reason">What failed, and when it is tried again: one sentence or more.</param>
    /// <param name="time">Time of the wait.</param>
    /// <returns>True when the display shows the wait, so that a long one needs no line of its own.</returns>
    bool Wait(string reason, TimeSpan time) => false;

    /// <summary>Called with a line for the user, such as a warning, that would break into the display.</summary>
    /// <param name="line">The line.</param>
    /// <returns>True when the display has written the line; false when the caller writes it.</returns>
    bool Tell(string line) => false;

    /// <summary>Called when the step that began last has ended, with or without an error.</summary>
    void End();
}

/// <summary>Progress displays that need no terminal. The displays of <c>Dlt.Terminal</c> are made by its <c>TerminalProgress</c>.</summary>
public static class ProgressDisplay
{
    /// <summary>A display that shows nothing.</summary>
    public static IProgressDisplay None { get; } = new Silent();

    private sealed class Silent : IProgressDisplay
    {
        public void Begin(string step, string what)
        {
        }

        public void Add(string table, long rows, long bytes = 0)
        {
        }

        public void End()
        {
        }
    }
}
