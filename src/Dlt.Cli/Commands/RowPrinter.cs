using System.Globalization;
using Dlt.Lake;

namespace Dlt.Cli.Commands;

/// <summary>Formats rows as JSON, one object per line, or as CSV.</summary>
internal static class RowPrinter
{
    /// <summary>A row as a JSON object with the names of <see cref="Names"/>.</summary>
    public static string Json(IReadOnlyList<string> names, IReadOnlyList<AthenaColumn> columns, IReadOnlyList<string?> row) =>
        JsonText.Write(JsonValue.Object(columns.Select((c, i) => KeyValuePair.Create(names[i], Json(row[i], c.Type)))));

    /// <summary>Unique names of columns: if an earlier column has the same name, a number is added, <c>a_2</c>.</summary>
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
                if (all.Contains(name)) name = column.Name;   // another column has this name
            }

            names.Add(name);
        }

        return names;
    }

    /// <summary>A row in the form of RFC 4180. A null is an empty field; an empty text is quoted.</summary>
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
