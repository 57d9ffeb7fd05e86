using System.Globalization;
using Dlt.Json;
using Dlt.Lake;

namespace Dlt.Cli.Commands;

/// <summary>Rows as JSON, one object a line, or as CSV.</summary>
internal static class RowPrinter
{
    /// <summary>
    /// One row as a JSON object; a column whose name another one before it has gets a number, <c>a_2</c>, so that no value is lost.
    /// </summary>
    public static string Json(IReadOnlyList<string> names, IReadOnlyList<AthenaColumn> columns, IReadOnlyList<string?> row) =>
        JsonText.Write(JsonValue.Object(columns.Select((c, i) => KeyValuePair.Create(names[i], Json(row[i], c.Type)))));

    /// <summary>Names of columns, each once.</summary>
    public static IReadOnlyList<string> Names(IReadOnlyList<AthenaColumn> columns)
    {
        var all = columns.Select(c => c.Name).ToHashSet(StringComparer.Ordinal);
        var taken = new HashSet<string>(StringComparer.Ordinal);
        var names = new List<string>();
        foreach (var column in columns)
        {
            var name = column.Name;
            for (var number = 2; !taken.Add(name); number++)
            {
                name = string.Create(CultureInfo.InvariantCulture, $"{column.Name}_{number}");
                if (all.Contains(name)) name = column.Name;   // another column's own name
            }

            names.Add(name);
        }

        return names;
    }

    /// <summary>RFC 4180; a null is an empty field, an empty text is quoted.</summary>
    public static string Csv(IEnumerable<string?> fields) => string.Join(',', fields.Select(Csv));

    private static string Csv(string? text)
    {
        if (text is null) return "";
        return text.Length == 0 || text.AsSpan().ContainsAny(",\"\r\n")
            ? "\"" + text.Replace("\"", "\"\"", StringComparison.Ordinal) + "\""
            : text;
    }

    private static JsonValue Json(string? text, string type)
    {
        if (text is null) return JsonValue.Null;
        return type switch
        {
            "bigint" or "integer" or "smallint" or "tinyint" or "boolean" => JsonValue.Parse(text),
            "double" or "float" when double.TryParse(text, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) =>
                JsonValue.Real(number),
            _ => JsonValue.String(text),
        };
    }
}
