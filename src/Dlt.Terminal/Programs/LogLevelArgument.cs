namespace Dlt;

/// <summary>
/// The argument <c>--log-level</c>: the setting <c>runtime.log_level</c> for this process, which wins over the files. Pipelines read it
/// when they are made, which the program does itself.
/// </summary>
internal static class LogLevelArgument
{
    public const string Word = "--log-level";

    private const string Variable = "RUNTIME__LOG_LEVEL";

    private static readonly string[] Levels = ["CRITICAL", "ERROR", "WARNING", "INFO", "DEBUG"];

    /// <summary>Sets the level that the arguments name; nothing when they name none.</summary>
    /// <exception cref="DltException">There is no such level.</exception>
    public static void Apply(string[] args)
    {
        if (ValueIn(args) is not { } level) return;
        if (!Levels.Contains(level))
            throw new DltException($"'{level}' is not a level of the log. Nothing was run. Use one of {string.Join(", ", Levels)}.");
        Environment.SetEnvironmentVariable(Variable, level);
    }

    private static string? ValueIn(string[] args)
    {
        for (var i = 0; i < args.Length; i++)
        {
            if (args[i].StartsWith(Word + "=", StringComparison.Ordinal)) return args[i][(Word.Length + 1)..];
            if (args[i] == Word && i + 1 < args.Length) return args[i + 1];
        }

        return null;
    }
}
