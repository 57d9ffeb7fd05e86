using System.Collections;
using System.Globalization;
using System.Numerics;

namespace Dlt.Local;

/// <summary>Types and values as Athena prints them (spec/aws-apis.md 2.6).</summary>
internal static class AthenaText
{
    public static string TypeName(string duck)
    {
        var type = duck.ToUpperInvariant();
        if (type.StartsWith("DECIMAL", StringComparison.Ordinal)) return "decimal";
        if (type.EndsWith("[]", StringComparison.Ordinal) || type == "LIST") return "array";
        if (type.StartsWith("STRUCT", StringComparison.Ordinal)) return "row";
        if (type.StartsWith("MAP", StringComparison.Ordinal)) return "map";
        return type switch
        {
            "BLOB" => "varbinary",
            "HUGEINT" or "UBIGINT" or "UHUGEINT" => "decimal",
            "UINTEGER" => "bigint",
            "FLOAT" => "float",
            "TIMESTAMP WITH TIME ZONE" or "TIMESTAMPTZ" => "timestamp with time zone",
            _ when type.StartsWith("TIMESTAMP", StringComparison.Ordinal) => "timestamp",
            _ => type.ToLowerInvariant(),
        };
    }

    /// <param name="value">As the reader gives it.</param>
    /// <param name="type">Athena's name of the type.</param>
    /// <param name="scale">Fraction digits of a decimal, all of which are printed.</param>
    public static string Value(object value, string type, int? scale = null) => value switch
    {
        string text => text,
        decimal number when scale is { } digits => number.ToString(string.Create(CultureInfo.InvariantCulture, $"F{digits}"), CultureInfo.InvariantCulture),
        bool flag => flag ? "true" : "false",
        double number => Real(number, number.ToString("R", CultureInfo.InvariantCulture)),
        float number => Real(number, number.ToString("R", CultureInfo.InvariantCulture)),
        DateTime time when type == "date" => time.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        DateOnly date => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        DateTime time when type == "timestamp with time zone" => time.ToString("yyyy-MM-dd HH:mm:ss.fff", CultureInfo.InvariantCulture) + " UTC",
        DateTime time => time.ToString(time.Ticks % TimeSpan.TicksPerMillisecond == 0 ? "yyyy-MM-dd HH:mm:ss.fff" : "yyyy-MM-dd HH:mm:ss.ffffff", CultureInfo.InvariantCulture),
        TimeOnly time => time.ToString("HH:mm:ss.fff", CultureInfo.InvariantCulture),
        TimeSpan time => time.ToString(@"hh\:mm\:ss\.fff", CultureInfo.InvariantCulture),
        byte[] bytes => string.Join(' ', bytes.Select(b => b.ToString("x2", CultureInfo.InvariantCulture))),
        Stream stream => Bytes(stream),
        BigInteger big => big.ToString(CultureInfo.InvariantCulture),
        IDictionary map => "{" + string.Join(", ", map.Keys.Cast<object>().Select(k => $"{Value(k, "")}={Nested(map[k])}")) + "}",
        IEnumerable list => "[" + string.Join(", ", list.Cast<object?>().Select(Nested)) + "]",
        IFormattable other => other.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? "",
    };

    private static string Nested(object? value) => value is null ? "null" : Value(value, "");

    /// <summary>Athena prints reals as Java does: <c>1.0</c>, <c>1.0E10</c>, <c>NaN</c>.</summary>
    private static string Real(double number, string shortest)
    {
        if (double.IsNaN(number)) return "NaN";
        if (double.IsInfinity(number)) return number > 0 ? "Infinity" : "-Infinity";
        var magnitude = Math.Abs(number);
        if (magnitude is >= 1e-3 and < 1e7 || magnitude == 0)
        {
            var plain = shortest.Contains('E', StringComparison.Ordinal) ? number.ToString("0.0#################", CultureInfo.InvariantCulture) : shortest;
            return plain.Contains('.', StringComparison.Ordinal) ? plain : plain + ".0";
        }

        var digits = number.ToString("E16", CultureInfo.InvariantCulture);
        for (var precision = 0; precision <= 16; precision++)
        {
            var candidate = number.ToString("E" + precision.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
            if (double.Parse(candidate, CultureInfo.InvariantCulture) != number) continue;
            digits = candidate;
            break;
        }

        var e = digits.IndexOf('E');
        var mantissa = digits[..e];
        var exponent = int.Parse(digits.AsSpan(e + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        return string.Create(CultureInfo.InvariantCulture, $"{(mantissa.Contains('.', StringComparison.Ordinal) ? mantissa : mantissa + ".0")}E{exponent}");
    }

    private static string Bytes(Stream stream)
    {
        using var content = new MemoryStream();
        stream.CopyTo(content);
        return string.Join(' ', content.ToArray().Select(b => b.ToString("x2", CultureInfo.InvariantCulture)));
    }
}
