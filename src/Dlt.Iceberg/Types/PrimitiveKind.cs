namespace Dlt.Iceberg;

/// <summary>Primitive types of the format (Iceberg table specification), with the .NET form of their values.</summary>
public enum PrimitiveKind
{
    /// <summary><c>boolean</c>: bool.</summary>
    Boolean,

    /// <summary><c>int</c>: int.</summary>
    Int,

    /// <summary><c>long</c>: long.</summary>
    Long,

    /// <summary><c>float</c>: float.</summary>
    Float,

    /// <summary><c>double</c>: double.</summary>
    Double,

    /// <summary><c>decimal(P,S)</c>: <see cref="System.Int128"/>, the unscaled number.</summary>
    Decimal,

    /// <summary><c>date</c>: int, days since 1970.</summary>
    Date,

    /// <summary><c>time</c>: long, microseconds since midnight.</summary>
    Time,

    /// <summary><c>timestamp</c>: long, microseconds since 1970 without a time zone.</summary>
    Timestamp,

    /// <summary><c>timestamptz</c>: long, microseconds since 1970 in UTC.</summary>
    TimestampTz,

    /// <summary><c>timestamp_ns</c> (format version 3): long, nanoseconds since 1970 without a time zone.</summary>
    TimestampNs,

    /// <summary><c>timestamptz_ns</c> (format version 3): long, nanoseconds since 1970 in UTC.</summary>
    TimestampTzNs,

    /// <summary><c>string</c>: string.</summary>
    String,

    /// <summary><c>uuid</c>: <see cref="System.Guid"/>.</summary>
    Uuid,

    /// <summary><c>fixed[L]</c>: byte[] of that length.</summary>
    Fixed,

    /// <summary><c>binary</c>: byte[].</summary>
    Binary,

    /// <summary><c>unknown</c> (format version 3): always null.</summary>
    Unknown,

    /// <summary><c>variant</c> (format version 3): not supported.</summary>
    Variant,

    /// <summary><c>geometry(C)</c> (format version 3): not supported.</summary>
    Geometry,

    /// <summary><c>geography(C,A)</c> (format version 3): not supported.</summary>
    Geography,
}
