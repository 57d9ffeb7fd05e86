namespace Dlt;

/// <summary>
/// The argument <c>--log-level</c>: the level of the log of this run, which takes precedence over <c>runtime.log_level</c>.
/// </summary>
internal static class LogLevelArgument
{
    public const string Word = "--log-level";

    private static readonly string[] Levels = ["CRITICAL", "ERROR", "WARNING", "INFO", "DEBUG"];

    /// <summary>Reads the level from the arguments of a program.</summary>
    /// <returns>The level; null when the arguments have none.</returns>
    /// <exception cref="DltException">The level is not known.</exception>
    public static string? Read(string[] args)
    {
        var level = ArgumentValue.In(args, Word);
        if (level is null || Levels.Contains(level)) return level;
        throw new DltException($"'{level}' is not a level of the log. Nothing was run. Use one of {string.Join(", ", Levels)}.");
    }
}
