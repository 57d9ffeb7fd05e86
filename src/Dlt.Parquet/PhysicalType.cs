namespace Dlt.Parquet;

/// <summary>Physical types by their number in the format (parquet.thrift, Type).</summary>
public enum PhysicalType
{
    /// <summary>One bit.</summary>
    Boolean = 0,

    /// <summary>32 bits, signed.</summary>
    Int32 = 1,

    /// <summary>64 bits, signed.</summary>
    Int64 = 2,

    /// <summary>96 bits: timestamps of old writers.</summary>
    Int96 = 3,

    /// <summary>IEEE 754, 32 bits.</summary>
    Float = 4,

    /// <summary>IEEE 754, 64 bits.</summary>
    Double = 5,

    /// <summary>Bytes of any length.</summary>
    ByteArray = 6,

    /// <summary>Bytes of one length.</summary>
    FixedLenByteArray = 7,
}
