using System.Globalization;

namespace Dlt.Sql;

/// <summary>Prints the DuckDB types that store values of Athena's types.</summary>
public static class DuckTypeName
{
    private const int MicroDigits = 6;

    /// <summary>
    /// Returns DuckDB's name of a type, such as <c>STRUCT("sku" VARCHAR, "price" DECIMAL(10,2))[]</c>. The name is safe to insert into a
    /// statement. Lengths of texts, and precisions up to microseconds, are not part of DuckDB's types. An anonymous field is named by its
    /// index, such as <c>field0</c>.
    /// </summary>
    public static string Of(AthenaType type) => type switch
    {
        AthenaType.Scalar scalar => Of(scalar.Kind),
        AthenaType.Decimal d => string.Create(CultureInfo.InvariantCulture, $"DECIMAL({d.Precision},{d.Scale})"),
        AthenaType.Char or AthenaType.Varchar => "VARCHAR",
        AthenaType.Time { HasTimeZone: true } => "TIME WITH TIME ZONE",
        AthenaType.Time => "TIME",
        AthenaType.Timestamp { HasTimeZone: true } => "TIMESTAMP WITH TIME ZONE",
        AthenaType.Timestamp { Precision: > MicroDigits } => "TIMESTAMP_NS",
        AthenaType.Timestamp => "TIMESTAMP",
        AthenaType.Array array => Of(array.Element) + "[]",
        AthenaType.Map map => $"MAP({Of(map.Key)}, {Of(map.Value)})",
        _ => $"STRUCT({string.Join(", ", ((AthenaType.Row)type).Fields.Select(Of))})",
    };

    private static string Of(AthenaScalar kind) => kind switch
    {
        AthenaScalar.Boolean => "BOOLEAN",
        AthenaScalar.TinyInt => "TINYINT",
        AthenaScalar.SmallInt => "SMALLINT",
        AthenaScalar.Integer => "INTEGER",
        AthenaScalar.BigInt => "BIGINT",
        AthenaScalar.Real => "FLOAT",
        AthenaScalar.Double => "DOUBLE",
        AthenaScalar.Varbinary => "BLOB",
        AthenaScalar.Date => "DATE",
        AthenaScalar.Json => "JSON",
        AthenaScalar.Uuid => "UUID",
        AthenaScalar.IpAddress => "VARCHAR",
        _ => "INTERVAL",
    };

    private static string Of(AthenaRowField field, int number)
    {
        var name = field.Name ?? string.Create(CultureInfo.InvariantCulture, $"field{number}");
        return $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\" {Of(field.Type)}";
    }
}
