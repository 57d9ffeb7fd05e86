namespace Dlt.Batches.Values;

/// <summary>Meanings of values that <see cref="ArrowValues.TryNumber"/> reads as integers.</summary>
internal enum NumberType
{
    /// <summary>The number is an integer.</summary>
    Integer,

    /// <summary>The number is the days since 1970.</summary>
    Date,

    /// <summary>The number is the microseconds since 1970, in UTC.</summary>
    Instant,

    /// <summary>The number is the microseconds since 1970 of a time without time zone.</summary>
    NaiveTime,
}
