using System.Globalization;
using Microsoft.Extensions.Logging;

namespace Dlt.Logging;

/// <summary>Writes one line an entry.</summary>
/// <param name="output">Gets the lines; standard error in a program.</param>
/// <param name="settings">Level and form.</param>
/// <param name="time">Clock for the times of log lines.</param>
internal sealed class TextLogger(TextWriter output, LogSettings settings, TimeProvider time) : ILogger
{
    public bool IsEnabled(LogLevel logLevel) => logLevel >= settings.Level && logLevel != LogLevel.None;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (!IsEnabled(logLevel)) return;
        var line = new LogLine(time.GetLocalNow(), logLevel, LogMessages.Category, eventId, formatter(state, exception));
        output.WriteLine(settings.Format.IsJson ? ToJson(line) : settings.Format.Write(line));
    }

    /// <summary>The members of dlt's formatter; <c>module</c> and <c>line_no</c> are name and id of the event.</summary>
    private static string ToJson(LogLine line)
    {
        var at = line.At.ToUniversalTime();
        return JsonText.Write(JsonValue.Object(
            ("written_at", JsonValue.String(at.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture))),
            ("written_ts", JsonValue.Integer((at - DateTimeOffset.UnixEpoch).Ticks * 100)),
            ("msg", JsonValue.String(line.Message)),
            ("type", JsonValue.String("log")),
            ("logger", JsonValue.String(line.Category)),
            ("thread", JsonValue.String(line.ThreadName)),
            ("level", JsonValue.String(LogFormat.NameOf(line.Level))),
            ("module", JsonValue.String(line.Event.Name ?? "")),
            ("line_no", JsonValue.Integer(line.Event.Id))));
    }
}
