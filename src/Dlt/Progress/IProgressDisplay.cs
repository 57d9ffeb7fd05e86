namespace Dlt.Progress;

/// <summary>Shows how a run gets on: step, tables, rows, bytes.</summary>
public interface IProgressDisplay
{
    /// <summary>A step begins.</summary>
    void Begin(string step, string what);

    /// <summary>Rows, and bytes if known, of a table were handled.</summary>
    void Add(string table, long rows, long bytes = 0);

    /// <summary>The step ended.</summary>
    void End();
}

/// <summary>The displays that there are.</summary>
public static class ProgressDisplay
{
    /// <summary>Shows nothing.</summary>
    public static IProgressDisplay None { get; } = new Silent();

    /// <summary>
    /// A live display on a terminal, plain lines when the output is piped; nothing with <c>--quiet</c> among the arguments.
    /// </summary>
    public static IProgressDisplay From(string[] args)
    {
        if (args.Contains("--quiet") || args.Contains("-q")) return None;
        return Console.IsErrorRedirected ? new PlainProgress(Console.Error, TimeProvider.System) : new LiveProgress();
    }

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
