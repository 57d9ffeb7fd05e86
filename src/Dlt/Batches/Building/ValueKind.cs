namespace Dlt.Batches.Building;

/// <summary>What the values of a column are.</summary>
internal enum ValueKind
{
    /// <summary>Nulls only.</summary>
    None,
    Bool,
    Integer,
    Double,
    Decimal,
    Text,
    Binary,
    /// <summary>Microseconds since 1970 in UTC.</summary>
    Instant,
    /// <summary>Microseconds of a wall clock since 1970.</summary>
    NaiveTime,
    /// <summary>Days since 1970.</summary>
    Date,
    /// <summary>Microseconds since midnight.</summary>
    Time,
}
