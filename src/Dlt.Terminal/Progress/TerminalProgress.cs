using Dlt.Progress;

namespace Dlt;

/// <summary>Shows on standard error how a run gets on; for <see cref="PipelineOptions.Progress"/>.</summary>
public static class TerminalProgress
{
    /// <summary>
    /// Chooses a display: a table that is drawn again ten times a second on a terminal, and plain lines, one every five seconds, where
    /// standard error is a pipe or a file.
    /// </summary>
    /// <param name="args">Arguments of the program: with <c>--quiet</c> or <c>-q</c> among them nothing is shown.</param>
    public static IProgressDisplay From(string[] args)
    {
        if (args.Contains("--quiet") || args.Contains("-q")) return ProgressDisplay.None;
        return Console.IsErrorRedirected ? new PlainProgress(Console.Error, TimeProvider.System) : new LiveProgress();
    }
}
