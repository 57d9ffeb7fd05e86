using Dlt.Internal;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Dlt.Logging;

/// <summary>
/// The log of a pipeline, and its warnings. The log is that of the program (<see cref="PipelineOptions.LoggerFactory"/>). Without one, and
/// with <c>runtime.log_level</c> or <c>runtime.log_format</c>, it is standard error, where warnings are then lines of the log only.
/// </summary>
internal sealed class PipelineLog
{
    /// <exception cref="ConfigurationException">A setting of the log is not known.</exception>
    public PipelineLog(PipelineOptions options, DltConfiguration configuration, string pipeline)
    {
        var log = options.LoggerFactory is null ? TextLogger.Of(configuration, pipeline, options.Time) : null;
        if (log is not null) ProgramLog.Use(log);
        Logger = options.LoggerFactory?.CreateLogger(LogMessages.Category) ?? (ILogger?)log ?? NullLogger.Instance;
        var isPrinted = log is null && options.LoggerFactory is null;   // a log shows warnings already
        void Print(string text)
        {
            if (isPrinted && !options.Progress.Tell("Warning: " + text)) Console.Error.WriteLine("Warning: " + text);
        }

        var say = options.Warn ?? Print;
        Warn = text =>
        {
            LogMessages.Warned(Logger, configuration.Secrets.Hide(text));
            say(text);
        };
        Waiting = (text, time) =>
        {
            var isShown = options.Progress.Wait(text, time);
            if (time <= RetryWaits.Silence) return;
            if (options.Warn is not null || !isShown) Warn(text);
            else LogMessages.Warned(Logger, configuration.Secrets.Hide(text));
        };
    }

    /// <summary>Log of the pipeline. It discards everything when neither the program nor the settings ask for a log.</summary>
    public ILogger Logger { get; }

    /// <summary>Logs a warning, and passes it to the user.</summary>
    public Action<string> Warn { get; }

    /// <summary>
    /// Tells the user of a wait of a request or a call, with its time: on the display, else as a warning when it takes seconds.
    /// </summary>
    public Action<string, TimeSpan> Waiting { get; }
}
