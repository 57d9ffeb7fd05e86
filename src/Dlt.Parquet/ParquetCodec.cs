namespace Dlt.Parquet;

/// <summary>
/// Compression codecs, with their numbers in the format. Athena and Trino read all of them except <see cref="Brotli"/> and <see
/// cref="Lz4Raw"/>.
/// </summary>
public enum ParquetCodec
{
    /// <summary>Pages are not compressed.</summary>
    Uncompressed = 0,
    /// <summary>Pages are compressed with Snappy.</summary>
    Snappy = 1,
    /// <summary>Pages are compressed with Gzip.</summary>
    Gzip = 2,
    /// <summary>Pages are compressed with Brotli.</summary>
    Brotli = 4,
    /// <summary>Pages are compressed with Zstandard.</summary>
    Zstd = 6,
    /// <summary>Pages are blocks of LZ4 without a frame, which are written and read fast.</summary>
    Lz4Raw = 7,
}
