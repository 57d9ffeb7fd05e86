namespace Dlt.Sql;

/// <summary>Names of types in the metadata of query results (Athena API Reference, "ColumnInfo": <c>Type</c>).</summary>
public static class ResultTypeName
{
    /// <summary>The name of a type without its parameters and parts: <c>decimal</c>, <c>row</c>, <c>timestamp with time zone</c>.</summary>
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
