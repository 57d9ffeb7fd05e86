using System.Globalization;
using System.Text.RegularExpressions;
using Dlt.Types;
using Tomlyn;
using Tomlyn.Model;
using Tomlyn.Parsing;
using Tomlyn.Syntax;

namespace Dlt.Configuration;

/// <summary>Reads a TOML file into JSON values. Dates and times become typed texts.</summary>
internal static partial class TomlFile
{
    /// <exception cref="ConfigurationException">The file is not valid TOML, or a key is set twice. The message names file, line, column and
    /// key, and shows no value.</exception>
    public static JsonValue Read(string path)
    {
        var text = File.ReadAllText(path);
        // The deserializer accepts duplicate keys and keeps the last one; the syntax parser reports them.
        if (SyntaxParser.Parse(text, path).Diagnostics.FirstOrDefault(d => d.Kind == DiagnosticMessageKind.Error) is { } diagnostic)
            throw Error(path, text, diagnostic.Span.Start.Line + 1, diagnostic.Span.Start.Column + 1, diagnostic.Message);
        try
        {
            var table = TomlSerializer.Deserialize<TomlTable>(text, TomlModelContext.Default) ?? [];
            return ToJson(table);
        }
        catch (TomlException error)
        {
            var (line, column) = error.Line is { } l ? (l, error.Column ?? 1) : FirstPlace(error);
            throw Error(path, text, line, column, error.Diagnostics.FirstOrDefault()?.Message ?? error.Message);
        }
    }

    private static (int Line, int Column) FirstPlace(TomlException error) =>
        error.Diagnostics.FirstOrDefault() is { } first ? (first.Span.Start.Line + 1, first.Span.Start.Column + 1) : (1, 1);

    /// <summary>Creates an error without the parser's exception, whose text quotes the file and may contain secrets.</summary>
    private static ConfigurationException Error(string path, string text, int line, int column, string reason)
    {
        if (TomlBrackets.FirstOpen(text) is { } open && open.Line <= line) return NotClosed(path, open);
        var twice = Twice().Match(reason);
        var (key, first) = (twice.Groups["key"].Value, twice.Groups["line"].Value);
        var what = twice.Success
            ? $"the key '{key}' is set twice; the first time in line {first}. Keep one of the two"
            : $"{WithoutValues(reason, text.Split('\n').ElementAtOrDefault(line - 1) ?? "")}. Correct the file";
        return new(string.Create(CultureInfo.InvariantCulture, $"{path}: line {line}, column {column}: {what}; nothing was run."))
        {
            File = path,
            Line = line,
            Column = column,
            Fields = twice.Success ? [key] : [],
        };
    }

    private static ConfigurationException NotClosed(string path, OpenBracket open) => new(string.Create(
        CultureInfo.InvariantCulture,
        $"{path}: line {open.Line}, column {open.Column}: {open.Problem}. Correct the file; nothing was run."))
    {
        File = path,
        Line = open.Line,
        Column = open.Column,
        Fields = [open.Key],
    };

    /// <summary>Returns the parser's message without its quotes of the line.</summary>
    private static string WithoutValues(string reason, string line)
    {
        var unquoted = Quoted().Replace(reason, "…");
        var hidden = Word().Replace(unquoted, w => line.Contains(w.Value, StringComparison.Ordinal) ? "…" : w.Value);
        return hidden.TrimEnd('.');
    }

    [GeneratedRegex(@"^The key `(?<key>[^`]*)` is already defined at \((?<line>\d+),")]
    private static partial Regex Twice();

    /// <summary>Matches quotes of more than one character, except the names of tokens.</summary>
    [GeneratedRegex(@"`(?!newline`|eof`)[^`]{2,}`", RegexOptions.IgnoreCase | RegexOptions.Singleline)]
    private static partial Regex Quoted();

    [GeneratedRegex(@"[^\s`'""()]{3,}")]
    private static partial Regex Word();

    private static JsonValue ToJson(object? value) => value switch
    {
        null => JsonValue.Null,
        TomlTable table => JsonValue.Object(table.Select(m => KeyValuePair.Create(m.Key, ToJson(m.Value)))),
        TomlTableArray tables => JsonValue.Array([.. tables.Select(ToJson)]),
        TomlArray array => JsonValue.Array([.. array.Select(ToJson)]),
        string text => JsonValue.String(text),
        bool flag => JsonValue.Bool(flag),
        long integer => JsonValue.Integer(integer),
        double real => JsonValue.Real(real),
        TomlDateTime moment => Moment(moment),
        _ => JsonValue.String(Convert.ToString(value, CultureInfo.InvariantCulture)),
    };

    private static JsonValue Moment(TomlDateTime moment) => moment.Kind switch
    {
        TomlDateTimeKind.LocalDate =>
            JsonValue.String(TypedJson.DateMarker + moment.DateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)),
        TomlDateTimeKind.LocalTime =>
            JsonValue.String(TypedJson.TimeMarker + DataValue.TimeText(moment.DateTime.TimeOfDay.Ticks / TimeSpan.TicksPerMicrosecond)),
        TomlDateTimeKind.LocalDateTime =>
            JsonValue.String(TypedJson.TimestampMarker + (Timestamp.From(moment.DateTime) with { OffsetSeconds = null }).ToString()),
        _ => JsonValue.String(TypedJson.TimestampMarker + Timestamp.From(moment.DateTime).ToString()),
    };
}
