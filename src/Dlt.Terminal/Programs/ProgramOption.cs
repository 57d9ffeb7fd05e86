namespace Dlt;

/// <summary>An argument of a pipeline program.</summary>
/// <param name="Name">Form of the argument: <c>--full</c>; with a value, <c>--since &lt;day&gt;</c>; or a value alone,
/// <c>&lt;month&gt;</c>.</param>
/// <param name="Description">One sentence for <c>--help</c>.</param>
public sealed record ProgramOption(string Name, string Description)
{
    /// <summary>Arguments that every program has.</summary>
    internal static IReadOnlyList<ProgramOption> Standard { get; } =
    [
        new("--local", "Use the local account in the folder .dlt-local instead of AWS."),
        new("--offline <folder>", "Answer HTTP requests from the files of a folder, where the program uses RecordedAnswers."),
        new("--quiet", "Show no progress. Also -q."),
        new("--plan", "Print what the run would do, from its first pages, and change nothing."),
        new("--limit <pages>", "Pages of each resource that --plan reads; 1 by default."),
        new("--wait", "Wait while another process or machine runs the pipeline, instead of failing."),
        new("--interval-start <time>", "Load this interval instead of what is new; with --interval-end."),
        new("--interval-end <time>", "End of the interval, which is not part of it."),
        new("--log-level <level>", "Log to standard error: CRITICAL, ERROR, WARNING, INFO or DEBUG."),
        new("--debug", "Print the whole error."),
        new("--help", "Show this help and run nothing. Also -h."),
    ];

    /// <summary>The word to type; null for a value alone.</summary>
    internal string? Word => Name.StartsWith('-') ? Name.Split(' ')[0] : null;

    /// <summary>True if a value follows the word.</summary>
    internal bool HasValue => Word is not null && Name.Contains(' ', StringComparison.Ordinal);
}
