using System.Globalization;
using Dlt.Json;
using Dlt.Types;
using Tomlyn;
using Tomlyn.Model;

namespace Dlt.Configuration;

/// <summary>Reads a TOML file into JSON values; dates and times become their typed texts.</summary>
internal static class TomlFile
{
    /// <exception cref="ConfigurationException">The file is not TOML; the message names file, line and column.</exception>
    public static JsonValue Read(string path)
    {
        var text = File.ReadAllText(path);
        try
        {
            var table = TomlSerializer.Deserialize<TomlTable>(text) ?? [];
            return ToJson(table);
        }
        catch (TomlException error)
        {
            var (line, column) = error.Line is { } l ? (l, error.Column ?? 1) : FirstPlace(error);
            throw new ConfigurationException(
                string.Create(CultureInfo.InvariantCulture, $"{path}: line {line}, column {column}: {Reason(error)} Correct the file; nothing was run."), error)
            { File = path, Line = line, Column = column };
        }
    }

    private static (int Line, int Column) FirstPlace(TomlException error) =>
        error.Diagnostics.FirstOrDefault() is { } first ? (first.Span.Start.Line + 1, first.Span.Start.Column + 1) : (1, 1);

    private static string Reason(TomlException error)
    {
        var reason = error.Diagnostics.FirstOrDefault()?.Message ?? error.Message;
        return reason.EndsWith('.') ? reason : reason + ".";
    }

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
        TomlDateTimeKind.LocalDate => JsonValue.String(TypedJson.DateMarker + moment.DateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)),
        TomlDateTimeKind.LocalTime => JsonValue.String(TypedJson.TimeMarker + DataValue.TimeText(moment.DateTime.TimeOfDay.Ticks / TimeSpan.TicksPerMicrosecond)),
        TomlDateTimeKind.LocalDateTime => JsonValue.String(TypedJson.TimestampMarker + (Timestamp.From(moment.DateTime) with { OffsetSeconds = null }).ToString()),
        _ => JsonValue.String(TypedJson.TimestampMarker + Timestamp.From(moment.DateTime).ToString()),
    };
}
