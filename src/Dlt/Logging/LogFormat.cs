using System.Globalization;
using System.Text;
using Microsoft.Extensions.Logging;

namespace Dlt.Logging;

/// <summary>The form of a line of the log: <c>runtime.log_format</c> of dlt (docs/spec/pipeline.md 11.5).</summary>
internal sealed class LogFormat
{
    /// <summary>dlt's default.</summary>
    public const string Default = "{asctime}|[{levelname}]|{process}|{thread}|{name}|{filename}|{funcName}:{lineno}|{message}";

    private const string Json = "JSON";
    private const string Message = "message";

    private static readonly string[] Fields = ["asctime", "levelname", "levelno", "process", "thread", "threadName", "name", "module",
        "filename", "funcName", "lineno", Message];

    private readonly List<(string Text, bool IsField)> _parts = [];

    private LogFormat(bool isJson) => IsJson = isJson;

    /// <summary>True: a line is a JSON object with the members of dlt's.</summary>
    public bool IsJson { get; }

    /// <summary>
    /// Reads a format: <c>JSON</c> in any case, or text with fields in braces; <c>{{</c> and <c>}}</c> are braces.
    /// </summary>
    /// <exception cref="ConfigurationException">
    /// A field is not known, has a conversion or width, or has no end, or the field <c>message</c> is missing.
    /// </exception>
    public static LogFormat Parse(string text)
    {
        var format = new LogFormat(text.Trim().Equals(Json, StringComparison.OrdinalIgnoreCase));
        if (format.IsJson) return format;
        var literal = new StringBuilder();
        for (var at = 0; at < text.Length; at++)
        {
            var isDoubled = at + 1 < text.Length && text[at] is '{' or '}' && text[at + 1] == text[at];
            if (isDoubled || text[at] is not ('{' or '}'))
            {
                literal.Append(text[at]);
                if (isDoubled) at++;
                continue;
            }

            var end = text[at] == '{' ? text.IndexOf('}', at) : -1;
            var field = end < 0 ? text[at..] : text[(at + 1)..end];
            if (end < 0 || !Fields.Contains(field)) throw Unknown(field);
            format._parts.Add((literal.ToString(), false));
            format._parts.Add((field, true));
            literal.Clear();
            at = end;
        }

        format._parts.Add((literal.ToString(), false));
        return format._parts.Contains((Message, true)) ? format : throw WithoutMessage(text);
    }

    /// <summary>A line of text, without its end.</summary>
    public string Write(LogLine line)
    {
        var text = new StringBuilder();
        foreach (var (part, isField) in _parts) text.Append(isField ? Value(part, line) : part);
        return text.ToString();
    }

    /// <summary>Name of a level in Python.</summary>
    public static string NameOf(LogLevel level) => level switch
    {
        LogLevel.Critical => "CRITICAL",
        LogLevel.Error => "ERROR",
        LogLevel.Warning => "WARNING",
        LogLevel.Information => "INFO",
        _ => "DEBUG",
    };

    private static string Value(string field, LogLine line) => field switch
    {
        "asctime" => line.At.ToString("yyyy-MM-dd HH:mm:ss,fff", CultureInfo.InvariantCulture),
        "levelname" => NameOf(line.Level),
        "levelno" => ((int)line.Level * 10).ToString(CultureInfo.InvariantCulture),
        "process" => Environment.ProcessId.ToString(CultureInfo.InvariantCulture),
        "thread" => Environment.CurrentManagedThreadId.ToString(CultureInfo.InvariantCulture),
        "threadName" => line.ThreadName,
        "funcName" => line.Event.Name ?? "",
        "lineno" => line.Event.Id.ToString(CultureInfo.InvariantCulture),
        Message => line.Message,
        _ => line.Category,
    };

    private static ConfigurationException WithoutMessage(string text) => new(
        $"The setting 'runtime.log_format' is '{text}', which lacks the field {{message}}, so the log would show no message. "
        + $"Nothing was run. Use JSON, or text with fields in braces, such as '{{levelname}} {{message}}'.")
    {
        Fields = ["log_format"],
    };

    private static ConfigurationException Unknown(string field) => new(
        $"The setting 'runtime.log_format' has the field '{field}', which is not known. Nothing was run. "
        + $"Use JSON, or text with these fields in braces: {string.Join(", ", Fields)}.");
}

/// <summary>An entry of the log.</summary>
/// <param name="At">Local time.</param>
/// <param name="Level">Level of the event.</param>
/// <param name="Category">Category of the logger.</param>
/// <param name="Event">Id and name of the event.</param>
/// <param name="Message">Message of the event.</param>
internal sealed record LogLine(DateTimeOffset At, LogLevel Level, string Category, EventId Event, string Message)
{
    /// <summary>Name of the thread that logs it; its number when it has none.</summary>
    public string ThreadName =>
        Thread.CurrentThread.Name ?? string.Create(CultureInfo.InvariantCulture, $"Thread-{Environment.CurrentManagedThreadId}");
}
