using Dlt.Sql;
using DuckDB.NET.Native;

namespace Dlt.Local;

/// <summary>Maps the types of DuckDB's result columns to Athena's.</summary>
internal static class DuckResultType
{
    private const int MicroDigits = 6;
    private const int NanoDigits = 9;

    /// <summary>
    /// Athena's type for the reader's type name. That name has neither parameters nor nested types: decimals get 38 digits, nested values
    /// are texts.
    /// </summary>
    public static AthenaType Of(string name) =>
        Enum.TryParse<DuckDBType>(name, ignoreCase: true, out var type) ? Of(type) : AthenaType.String;

    private static AthenaType Of(DuckDBType type) => type switch
    {
        DuckDBType.Boolean => new AthenaType.Scalar(AthenaScalar.Boolean),
        DuckDBType.TinyInt => new AthenaType.Scalar(AthenaScalar.TinyInt),
        DuckDBType.SmallInt or DuckDBType.UnsignedTinyInt => new AthenaType.Scalar(AthenaScalar.SmallInt),
        DuckDBType.Integer or DuckDBType.UnsignedSmallInt => new AthenaType.Scalar(AthenaScalar.Integer),
        DuckDBType.BigInt or DuckDBType.UnsignedInteger => new AthenaType.Scalar(AthenaScalar.BigInt),
        DuckDBType.UnsignedBigInt or DuckDBType.HugeInt or DuckDBType.UnsignedHugeInt or DuckDBType.Decimal =>
            new AthenaType.Decimal(AthenaType.Decimal.MaxPrecision, 0),
        DuckDBType.Float => new AthenaType.Scalar(AthenaScalar.Real),
        DuckDBType.Double => new AthenaType.Scalar(AthenaScalar.Double),
        DuckDBType.Date => new AthenaType.Scalar(AthenaScalar.Date),
        DuckDBType.Time => new AthenaType.Time(MicroDigits),
        DuckDBType.TimeTz => new AthenaType.Time(MicroDigits, hasTimeZone: true),
        DuckDBType.TimestampNs => new AthenaType.Timestamp(NanoDigits),
        DuckDBType.TimestampTz => new AthenaType.Timestamp(MicroDigits, hasTimeZone: true),
        DuckDBType.Timestamp or DuckDBType.TimestampS or DuckDBType.TimestampMs => new AthenaType.Timestamp(MicroDigits),
        DuckDBType.Interval => new AthenaType.Scalar(AthenaScalar.IntervalDayToSecond),
        DuckDBType.Blob => new AthenaType.Scalar(AthenaScalar.Varbinary),
        DuckDBType.Uuid => new AthenaType.Scalar(AthenaScalar.Uuid),
        DuckDBType.List or DuckDBType.Array => new AthenaType.Array(AthenaType.String),
        DuckDBType.Map => new AthenaType.Map(AthenaType.String, AthenaType.String),
        DuckDBType.Struct => new AthenaType.Row([new(null, AthenaType.String)]),
        _ => AthenaType.String,
    };
}
