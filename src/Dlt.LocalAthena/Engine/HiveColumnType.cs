using System.Globalization;
using System.Text.RegularExpressions;

namespace Dlt.Local;

/// <summary>Hive type names of Glue columns as DuckDB types.</summary>
internal static partial class HiveColumnType
{
    /// <summary>Digits of a decimal of Hive, and of DuckDB.</summary>
    private const int MaxPrecision = 38;

    /// <summary>Types within types; deeper ones would use up the stack, here or in DuckDB.</summary>
    private const int MaxDepth = 64;

    private const int MaxShown = 100;

    /// <summary>The DuckDB type of a column.</summary>
    /// <param name="hive">Such as <c>array&lt;struct&lt;id:bigint&gt;&gt;</c>, in any case.</param>
    /// <exception cref="DltException">The type is malformed, or is not supported.</exception>
    public static string ToDuck(string hive)
    {
        try
        {
            return Convert(hive.Trim().ToLowerInvariant(), 0);
        }
        catch (FormatException error)
        {
            throw new DltException($"The column type '{Shown(hive)}' cannot be read by the local Athena: {error.Message}.", error);
        }
    }

    /// <exception cref="FormatException">What is wrong.</exception>
    private static string Convert(string type, int depth)
    {
        if (depth > MaxDepth) throw new FormatException($"it has more than {MaxDepth} types within each other");
        // it becomes SQL, so nothing else may stand in it
        if (type.StartsWith("decimal", StringComparison.Ordinal)) return ToDecimal(type);
        if (Text().IsMatch(type)) return "VARCHAR";
        if (type.IndexOf('<') is > 0 and var at) return Nested(type[..at].TrimEnd(), Inner(type, at), depth + 1);
        return type switch
        {
            "string" => "VARCHAR",
            "bigint" => "BIGINT",
            "int" or "integer" => "INTEGER",
            "smallint" => "SMALLINT",
            "tinyint" => "TINYINT",
            "double" => "DOUBLE",
            "float" => "FLOAT",
            "boolean" => "BOOLEAN",
            "date" => "DATE",
            "timestamp" => "TIMESTAMP",
            "binary" => "BLOB",
            _ => throw new FormatException($"'{Shown(type)}' is not a type that it knows"),
        };
    }

    private static string ToDecimal(string type)
    {
        if (type == "decimal") return "DECIMAL(10,0)";
        var match = Decimal().Match(type);
        if (!match.Success) throw new FormatException($"'{Shown(type)}' is not written as decimal(precision,scale)");
        var precision = int.Parse(match.Groups["precision"].Value, CultureInfo.InvariantCulture);
        var scale = match.Groups["scale"] is { Success: true } digits ? int.Parse(digits.Value, CultureInfo.InvariantCulture) : 0;
        if (precision is < 1 or > MaxPrecision) throw new FormatException($"a decimal has 1 to {MaxPrecision} digits");
        if (scale > precision) throw new FormatException("the scale of a decimal is at most its precision");
        return string.Create(CultureInfo.InvariantCulture, $"DECIMAL({precision},{scale})");
    }

    private static string Nested(string outer, List<string> parts, int depth) => (outer, parts) switch
    {
        ("array", [var element]) => Convert(element, depth) + "[]",
        ("array", _) => throw new FormatException("an array has one type"),
        ("map", [var key, var value]) => $"MAP({Convert(key, depth)}, {Convert(value, depth)})",
        ("map", _) => throw new FormatException("a map has a type of keys and one of values"),
        ("struct", _) => Struct(parts, depth),
        _ => throw new FormatException($"'{Shown(outer)}' is not a nested type that it knows"),
    };

    private static string Struct(List<string> parts, int depth)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        var fields = new List<string>();
        foreach (var part in parts)
        {
            var colon = part.IndexOf(':');
            var name = colon < 0 ? "" : part[..colon].Trim();
            if (name.Length == 0) throw new FormatException($"the field '{Shown(part)}' of a struct is not written as name:type");
            if (!names.Add(name)) throw new FormatException($"a struct has the field '{name}' twice");
            fields.Add($"{DuckIdentifier.Quote(name)} {Convert(part[(colon + 1)..].Trim(), depth)}");
        }

        return $"STRUCT({string.Join(", ", fields)})";
    }

    /// <summary>The parts between the outer angle brackets, of which the first is at an index.</summary>
    private static List<string> Inner(string type, int at)
    {
        if (!type.EndsWith('>')) throw new FormatException($"'{Shown(type)}' does not end with '>'");
        var body = type[(at + 1)..^1];
        var parts = new List<string>();
        int depth = 0, start = 0;
        for (var i = 0; i < body.Length; i++)
        {
            if (body[i] is '<' or '(') depth++;
            else if (body[i] is '>' or ')' && --depth < 0)
                throw new FormatException($"a bracket of '{Shown(type)}' is closed that was not opened");
            else if (body[i] == ',' && depth == 0)
            {
                parts.Add(body[start..i].Trim());
                start = i + 1;
            }
        }

        if (depth > 0) throw new FormatException($"a bracket of '{Shown(type)}' is not closed");
        parts.Add(body[start..].Trim());
        return parts;
    }

    /// <summary>A type may have many thousand characters.</summary>
    private static string Shown(string type) => type.Length <= MaxShown ? type : string.Concat(type.AsSpan(0, MaxShown), "…");

    [GeneratedRegex(@"^decimal\(\s*(?<precision>[0-9]{1,2})\s*(,\s*(?<scale>[0-9]{1,2})\s*)?\)\z", RegexOptions.CultureInvariant)]
    private static partial Regex Decimal();

    [GeneratedRegex(@"^(var)?char(\s*\(\s*[0-9]+\s*\))?\z", RegexOptions.CultureInvariant)]
    private static partial Regex Text();
}
