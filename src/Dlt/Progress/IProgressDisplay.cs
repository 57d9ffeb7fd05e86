namespace Dlt;

/// <summary>Listens to a run as it goes on: steps, tables, rows, bytes. Calls come from several threads.</summary>
public interface IProgressDisplay
{
    /// <summary>A step begins.</summary>
    /// <param name="step"><c>Extract</c>, <c>Normalize</c> or <c>Load</c>.</param>
    /// <param name="what">The source, or the schema and the package.</param>
    void Begin(string step, string what);

    /// <summary>Rows of a table were handled since the last call for that table.</summary>
    /// <param name="table">The table.</param>
    /// <param name="rows">Rows, 0 or more.</param>
    /// <param name="bytes">Bytes of files; 0 where they are not known.</param>
    void Add(string table, long rows, long bytes = 0);

    /// <summary>The step that began last has ended, with or without an error.</summary>
    void End();
}

/// <summary>Displays that need no terminal; those of <c>Dlt.Terminal</c> are made by its <c>TerminalProgress</c>.</summary>
public static class ProgressDisplay
{
    /// <summary>Shows nothing.</summary>
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
