namespace Dlt.Sql;

/// <summary>Types of Athena without parameters and parts (Athena User Guide, "Data types in Amazon Athena").</summary>
public enum AthenaScalar
{
    /// <summary>Boolean values: true or false.</summary>
    Boolean,

    /// <summary>Signed integers of 8 bits.</summary>
    TinyInt,

    /// <summary>Signed integers of 16 bits.</summary>
    SmallInt,

    /// <summary>Signed integers of 32 bits: <c>int</c> in Hive.</summary>
    Integer,

    /// <summary>Signed integers of 64 bits.</summary>
    BigInt,

    /// <summary>IEEE 754 numbers of 32 bits: <c>float</c> in Hive.</summary>
    Real,

    /// <summary>IEEE 754 numbers of 64 bits.</summary>
    Double,

    /// <summary>Bytes of any length: <c>binary</c> in Hive.</summary>
    Varbinary,

    /// <summary>Calendar dates without a time of day.</summary>
    Date,

    /// <summary>JSON texts. Queries support them, tables do not.</summary>
    Json,

    /// <summary>UUIDs. Queries and Iceberg tables support them, Hive tables do not.</summary>
    Uuid,

    /// <summary>IPv4 and IPv6 addresses. Queries support them, tables do not.</summary>
    IpAddress,

    /// <summary>Intervals of days to milliseconds. Queries support them, tables do not.</summary>
    IntervalDayToSecond,

    /// <summary>Intervals of years and months. Queries support them, tables do not.</summary>
    IntervalYearToMonth,
}
