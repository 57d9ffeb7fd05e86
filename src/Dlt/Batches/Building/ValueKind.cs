namespace Dlt.Batches.Building;

/// <summary>Kind of the values of a column.</summary>
internal enum ValueKind
{
    /// <summary>The column has only nulls.</summary>
    None,

    /// <summary>Booleans, stored as 0 and 1.</summary>
    Bool,

    /// <summary>Integers of 64 bits.</summary>
    Integer,

    /// <summary>Floating-point numbers of 64 bits.</summary>
    Double,

    /// <summary>Decimals of at most 38 digits.</summary>
    Decimal,

    /// <summary>Texts in UTF-8.</summary>
    Text,

    /// <summary>Binary values.</summary>
    Binary,

    /// <summary>Timestamps: microseconds since 1970 in UTC.</summary>
    Instant,

    /// <summary>Timestamps without time zone: microseconds since 1970 on a wall clock.</summary>
    NaiveTime,

    /// <summary>Dates: days since 1970-01-01.</summary>
    Date,

    /// <summary>Times of day: microseconds since midnight.</summary>
    Time,
}
