using Dlt.Progress;

namespace Dlt;

/// <summary>Shows the progress of a run on standard error; for <see cref="PipelineOptions.Progress"/>.</summary>
public static class TerminalProgress
{
    /// <summary>
    /// Chooses a display: on a terminal a table that is redrawn ten times a second; if standard error is a pipe or a file, plain lines
    /// every five seconds. Nothing is shown while the log on standard error is JSON.
    /// </summary>
    /// <param name="args">Arguments of the program. With <c>--quiet</c> or <c>-q</c>, nothing is shown.</param>
    public static IProgressDisplay From(string[] args)
    {
        if (args.Contains("--quiet") || args.Contains("-q")) return ProgressDisplay.None;
        IProgressDisplay display = Console.IsErrorRedirected ? new PlainProgress(Console.Error, TimeProvider.System) : new LiveProgress();
        return new ProgressWithoutJson(display);
    }
}
