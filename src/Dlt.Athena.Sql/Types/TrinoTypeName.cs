using System.Globalization;

namespace Dlt.Sql;

/// <summary>Prints types in Trino's form, which queries and error messages of Athena use.</summary>
public static class TrinoTypeName
{
    /// <summary>
    /// Returns Trino's name of a type, such as <c>array(row(sku varchar, price decimal(10,2)))</c>. Field names are quoted if they have
    /// characters other than lower-case letters, digits and underscores.
    /// </summary>
    public static string Of(AthenaType type) => type switch
    {
        AthenaType.Scalar scalar => Of(scalar.Kind),
        AthenaType.Decimal d => string.Create(CultureInfo.InvariantCulture, $"decimal({d.Precision},{d.Scale})"),
        AthenaType.Char fixedText => string.Create(CultureInfo.InvariantCulture, $"char({fixedText.Length})"),
        AthenaType.Varchar { Length: { } length } => string.Create(CultureInfo.InvariantCulture, $"varchar({length})"),
        AthenaType.Varchar => "varchar",
        AthenaType.Time time => Clock("time", time.Precision, time.HasTimeZone),
        AthenaType.Timestamp timestamp => Clock("timestamp", timestamp.Precision, timestamp.HasTimeZone),
        AthenaType.Array array => $"array({Of(array.Element)})",
        AthenaType.Map map => $"map({Of(map.Key)}, {Of(map.Value)})",
        _ => $"row({string.Join(", ", ((AthenaType.Row)type).Fields.Select(Of))})",
    };

    private static string Of(AthenaScalar kind) => kind switch
    {
        AthenaScalar.Boolean => "boolean",
        AthenaScalar.TinyInt => "tinyint",
        AthenaScalar.SmallInt => "smallint",
        AthenaScalar.Integer => "integer",
        AthenaScalar.BigInt => "bigint",
        AthenaScalar.Real => "real",
        AthenaScalar.Double => "double",
        AthenaScalar.Varbinary => "varbinary",
        AthenaScalar.Date => "date",
        AthenaScalar.Json => "json",
        AthenaScalar.Uuid => "uuid",
        AthenaScalar.IpAddress => "ipaddress",
        AthenaScalar.IntervalDayToSecond => "interval day to second",
        _ => "interval year to month",
    };

    private static string Of(AthenaRowField field) => field.Name is { } name ? $"{Quoted(name)} {Of(field.Type)}" : Of(field.Type);

    private static string Clock(string word, int precision, bool hasTimeZone) =>
        string.Create(CultureInfo.InvariantCulture, $"{word}({precision}){(hasTimeZone ? " with time zone" : "")}");

    private static string Quoted(string name)
    {
        var isPlain = name.Length > 0 && !char.IsAsciiDigit(name[0])
            && name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '_');
        return isPlain ? name : "\"" + name.Replace("\"", "\"\"", StringComparison.Ordinal) + "\"";
    }
}
