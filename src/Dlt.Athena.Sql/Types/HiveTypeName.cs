using System.Globalization;

namespace Dlt.Sql;

/// <summary>Prints types in Hive's form, which Glue and Athena's DDL use.</summary>
public static class HiveTypeName
{
    /// <summary>
    /// Returns Hive's name of a type, such as <c>array&lt;struct&lt;sku:string,price:decimal(10,2)&gt;&gt;</c>. Timestamps lose their
    /// precision, which depends on the table: 3 digits in Hive tables, 6 in Iceberg tables.
    /// </summary>
    /// <exception cref="NotSupportedException">Hive does not have the type: times, time zones, json, uuid, ipaddress, intervals, anonymous
    /// fields.</exception>
    public static string Of(AthenaType type) => type switch
    {
        AthenaType.Scalar scalar => Of(scalar.Kind),
        AthenaType.Decimal d => string.Create(CultureInfo.InvariantCulture, $"decimal({d.Precision},{d.Scale})"),
        AthenaType.Char fixedText => string.Create(CultureInfo.InvariantCulture, $"char({fixedText.Length})"),
        AthenaType.Varchar { Length: { } length } => string.Create(CultureInfo.InvariantCulture, $"varchar({length})"),
        AthenaType.Varchar => "string",
        AthenaType.Timestamp { HasTimeZone: false } => "timestamp",
        AthenaType.Array array => $"array<{Of(array.Element)}>",
        AthenaType.Map map => $"map<{Of(map.Key)},{Of(map.Value)}>",
        AthenaType.Row row => $"struct<{string.Join(',', row.Fields.Select(Of))}>",
        _ => throw Unsupported(type),
    };

    private static string Of(AthenaScalar kind) => kind switch
    {
        AthenaScalar.Boolean => "boolean",
        AthenaScalar.TinyInt => "tinyint",
        AthenaScalar.SmallInt => "smallint",
        AthenaScalar.Integer => "int",
        AthenaScalar.BigInt => "bigint",
        AthenaScalar.Real => "float",
        AthenaScalar.Double => "double",
        AthenaScalar.Varbinary => "binary",
        AthenaScalar.Date => "date",
        _ => throw Unsupported(new AthenaType.Scalar(kind)),
    };

    private static string Of(AthenaRowField field) => field.Name is { } name
        ? $"{Quoted(name)}:{Of(field.Type)}"
        : throw new NotSupportedException($"Hive does not allow a struct field without a name ({field.Type}). Give each field a name.");

    /// <summary>Returns a name unchanged if it can be parsed back, otherwise in backquotes.</summary>
    private static string Quoted(string name) =>
        name.AsSpan().IndexOfAny(":<>,()`") < 0 && name.Trim().Length == name.Length
            ? name : "`" + name.Replace("`", "``", StringComparison.Ordinal) + "`";

    private static NotSupportedException Unsupported(AthenaType type) =>
        new($"Hive tables do not support the type {type}. Convert the values to text, numbers, dates or timestamps.");
}
