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
