using System.Collections;
using System.Globalization;
using System.Numerics;
using Dlt.Internal;
using DuckDB.NET.Native;

namespace Dlt.Local;

/// <summary>Formats values as Athena prints them (docs/spec/aws-apis.md 2.6).</summary>
internal static class AthenaText
{
    /// <summary>A decimal with all digits of its scale.</summary>
    public static string Decimal(DuckDBDecimal value)
    {
        var unscaled = ((BigInteger)value.Value.Upper << 64) + value.Value.Lower;
        var digits = BigInteger.Abs(unscaled).ToString(CultureInfo.InvariantCulture).PadLeft(value.Scale + 1, '0');
        var sign = unscaled.Sign < 0 ? "-" : "";
        return value.Scale == 0 ? sign + digits : $"{sign}{digits[..^value.Scale]}.{digits[^value.Scale..]}";
    }

    /// <summary>The text of a value.</summary>
    /// <param name="value">A value of DuckDB's reader.</param>
    /// <param name="type">Athena's name of the type.</param>
    /// <param name="scale">Scale of a decimal, whose fraction digits are all printed.</param>
    public static string Value(object value, string type, int? scale = null) => value switch
    {
        string text => text,
        decimal number when scale is { } digits =>
            number.ToString(string.Create(CultureInfo.InvariantCulture, $"F{digits}"), CultureInfo.InvariantCulture),
        bool flag => flag ? "true" : "false",
        double number => JavaNumber.Text(number),
        float number => JavaNumber.Text(number),
        DateTime time when type == "date" => time.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        DateOnly date => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        DateTime time when type == "timestamp with time zone" =>
            time.ToString("yyyy-MM-dd HH:mm:ss.fff", CultureInfo.InvariantCulture) + " UTC",
        DateTime time => time.ToString(time.Ticks % TimeSpan.TicksPerMillisecond == 0
            ? "yyyy-MM-dd HH:mm:ss.fff" : "yyyy-MM-dd HH:mm:ss.ffffff", CultureInfo.InvariantCulture),
        TimeOnly time => time.ToString("HH:mm:ss.fff", CultureInfo.InvariantCulture),
        TimeSpan time => time.ToString(@"hh\:mm\:ss\.fff", CultureInfo.InvariantCulture),
        byte[] bytes => string.Join(' ', bytes.Select(b => b.ToString("x2", CultureInfo.InvariantCulture))),
        Stream stream => Bytes(stream),
        JsonValue json => Json(json),
        BigInteger big => big.ToString(CultureInfo.InvariantCulture),
        IDictionary map => "{" + string.Join(", ", map.Keys.Cast<object>().Select(k => $"{Value(k, "")}={Nested(map[k])}")) + "}",
        IEnumerable list => "[" + string.Join(", ", list.Cast<object?>().Select(Nested)) + "]",
        IFormattable other => other.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? "",
    };

    private static string Nested(object? value) => value is null ? "null" : Value(value, "");

    private static string Json(JsonValue value) => value.Kind switch
    {
        JsonKind.String => value.AsString(),
        JsonKind.Array => "[" + string.Join(", ", value.Items.Select(Json)) + "]",
        JsonKind.Object => "{" + string.Join(", ", value.Members.Select(m => $"{m.Key}={Json(m.Value)}")) + "}",
        JsonKind.Real => JavaNumber.Text(value.AsDouble()),
        _ => JsonText.Write(value),
    };

    private static string Bytes(Stream stream)
    {
        using var content = new MemoryStream();
        stream.CopyTo(content);
        return string.Join(' ', content.ToArray().Select(b => b.ToString("x2", CultureInfo.InvariantCulture)));
    }
}
