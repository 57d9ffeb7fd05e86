namespace Dlt.Parquet;

/// <summary>Compression codecs, with their numbers in the format. Every engine of the Athena family reads these four.</summary>
public enum ParquetCodec
{
    /// <summary>Pages are not compressed.</summary>
    Uncompressed = 0,
    /// <summary>Pages are compressed with Snappy.</summary>
    Snappy = 1,
    /// <summary>Pages are compressed with Gzip.</summary>
    Gzip = 2,
    /// <summary>Pages are compressed with Zstandard.</summary>
    Zstd = 6,
}
