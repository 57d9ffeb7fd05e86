namespace Dlt.Parquet;

/// <summary>Physical types, with their numbers in the format (parquet.thrift, Type).</summary>
public enum PhysicalType
{
    /// <summary>Boolean value, stored as one bit.</summary>
    Boolean = 0,

    /// <summary>Signed 32-bit integer.</summary>
    Int32 = 1,

    /// <summary>Signed 64-bit integer.</summary>
    Int64 = 2,

    /// <summary>96-bit timestamp of old writers.</summary>
    Int96 = 3,

    /// <summary>32-bit floating-point number (IEEE 754).</summary>
    Float = 4,

    /// <summary>64-bit floating-point number (IEEE 754).</summary>
    Double = 5,

    /// <summary>Bytes of any length.</summary>
    ByteArray = 6,

    /// <summary>Bytes of a fixed length.</summary>
    FixedLenByteArray = 7,
}
