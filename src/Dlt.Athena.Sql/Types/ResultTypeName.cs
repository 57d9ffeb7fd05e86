namespace Dlt.Sql;

/// <summary>Prints types as the metadata of query results does (Athena API Reference, "ColumnInfo": <c>Type</c>).</summary>
public static class ResultTypeName
{
    /// <summary>
    /// Returns the name of a type without parameters and parts: <c>decimal</c>, <c>row</c>, <c>timestamp with time zone</c>.
    /// </summary>
    public static string Of(AthenaType type) => type switch
    {
        AthenaType.Scalar { Kind: AthenaScalar.Real } => "float",
        AthenaType.Scalar => TrinoTypeName.Of(type),
        AthenaType.Decimal => "decimal",
        AthenaType.Char => "char",
        AthenaType.Varchar => "varchar",
        AthenaType.Time { HasTimeZone: true } => "time with time zone",
        AthenaType.Time => "time",
        AthenaType.Timestamp { HasTimeZone: true } => "timestamp with time zone",
        AthenaType.Timestamp => "timestamp",
        AthenaType.Array => "array",
        AthenaType.Map => "map",
        _ => "row",
    };
}
