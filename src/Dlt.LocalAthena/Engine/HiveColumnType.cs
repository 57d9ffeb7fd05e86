using System.Text.RegularExpressions;

namespace Dlt.Local;

/// <summary>Hive type names of Glue columns as DuckDB types.</summary>
internal static partial class HiveColumnType
{
    /// <exception cref="DltException">The type is not supported.</exception>
    public static string ToDuck(string hive)
    {
        var type = hive.Trim().ToLowerInvariant();
        if (type == "decimal") return "DECIMAL(10,0)";
        if (Decimal().IsMatch(type)) return type.ToUpperInvariant();   // it becomes SQL, so nothing else may stand in it
        if (type.StartsWith("varchar", StringComparison.Ordinal) || type.StartsWith("char", StringComparison.Ordinal)) return "VARCHAR";
        if (type.StartsWith("array<", StringComparison.Ordinal)) return ToDuck(Inner(type)[0]) + "[]";
        if (type.StartsWith("map<", StringComparison.Ordinal) && Inner(type) is [var key, var value]) return $"MAP({ToDuck(key)}, {ToDuck(value)})";
        if (type.StartsWith("struct<", StringComparison.Ordinal))
            return $"STRUCT({string.Join(", ", Inner(type).Select(f => $"{DuckIdentifier.Quote(f[..f.IndexOf(':')])} {ToDuck(f[(f.IndexOf(':') + 1)..])}"))})";
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
            _ => throw new DltException($"The column type '{hive}' cannot be read by the local Athena."),
        };
    }

    [GeneratedRegex(@"^decimal\(\s*\d{1,2}\s*(,\s*\d{1,2}\s*)?\)\z", RegexOptions.CultureInvariant)]
    private static partial Regex Decimal();

    /// <summary>The parts between the outer angle brackets.</summary>
    private static List<string> Inner(string type)
    {
        var body = type[(type.IndexOf('<') + 1)..type.LastIndexOf('>')];
        var parts = new List<string>();
        int depth = 0, start = 0;
        for (var i = 0; i < body.Length; i++)
        {
            if (body[i] is '<' or '(') depth++;
            else if (body[i] is '>' or ')') depth--;
            else if (body[i] == ',' && depth == 0)
            {
                parts.Add(body[start..i].Trim());
                start = i + 1;
            }
        }

        parts.Add(body[start..].Trim());
        return parts;
    }
}
