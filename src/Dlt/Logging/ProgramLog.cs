using System.ComponentModel;
using Dlt.Logging;
using Microsoft.Extensions.Logging;

namespace Dlt.Internal;

/// <summary>
/// The log on standard error of a program and of the pipelines that run in it. <c>DltProgram</c> begins it; it ends with the asynchronous
/// flow that began it.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class ProgramLog
{
    private static readonly AsyncLocal<ProgramLog?> Current = new();

    private TextLogger? _logger;
    private Exception? _reported;

    private ProgramLog()
    {
    }

    /// <summary>True when the log on standard error consists of JSON lines, so nothing else may be written there.</summary>
    public static bool IsJson => Current.Value?._logger is { IsJson: true };

    /// <summary>Level that the program was started with, such as <c>INFO</c>; null to use <c>runtime.log_level</c>.</summary>
    public string? Level { get; set; }

    /// <summary>Level that the current program was started with; null for none.</summary>
    internal static string? CurrentLevel => Current.Value?.Level;

    /// <summary>Begins the log of a program, in this asynchronous flow.</summary>
    public static ProgramLog Begin() => Current.Value = new();

    /// <summary>
    /// Returns a function that writes a warning of an action without a pipeline, such as a query: to the log when the configuration has
    /// one, else as a plain line to standard error.
    /// </summary>
    public static Action<string> WarningsTo(DltConfiguration configuration) => text =>
    {
        if (TextLogger.Of(configuration) is { } logger) LogMessages.Warned(logger, text);
        else Console.Error.WriteLine("Warning: " + text);
    };

    /// <summary>Writes the end of a program that failed or was stopped, unless the log has it already.</summary>
    /// <param name="error">The error that ended the program.</param>
    /// <param name="text">Text for the user.</param>
    /// <param name="isStop">True when the program was stopped from outside.</param>
    /// <param name="isWhole">True when the text has more than the message of the error.</param>
    /// <returns>False when there is no JSON log and the log does not have the error: the program prints the text itself.</returns>
    public bool TryWriteEnd(Exception error, string text, bool isStop = false, bool isWhole = false)
    {
        if (!isWhole && ReferenceEquals(error, _reported)) return true;
        if ((_logger ?? Configured()) is not { IsJson: true } logger) return false;
        var always = logger.WithAllLevels();   // the reason of the exit code is never left out
        if (isStop) LogMessages.ProgramStopped(always, text);
        else LogMessages.ProgramFailed(always, text);
        return true;
    }

    /// <summary>Remembers the log of a pipeline as that of the program.</summary>
    internal static void Use(TextLogger logger) => (Current.Value ??= new())._logger = logger;

    /// <summary>Remembers an error that a pipeline wrote to a log on standard error. The program does not print it again.</summary>
    internal static void Reported(ILogger logger, Exception error)
    {
        if (logger is TextLogger && logger.IsEnabled(LogLevel.Error)) Current.Value?._reported = error;
    }

    /// <summary>
    /// Opens the log of a program that failed before it made a pipeline; null when it has none or the settings cannot be read.
    /// </summary>
    private static TextLogger? Configured()
    {
        try
        {
            return TextLogger.Of(DltConfiguration.Load());
        }
        catch (Exception error) when (error is ConfigurationException or IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
