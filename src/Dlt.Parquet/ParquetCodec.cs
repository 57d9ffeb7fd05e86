namespace Dlt.Parquet;

/// <summary>Compression codecs by their number in the format; these four are read by every engine of the Athena family.</summary>
public enum ParquetCodec
{
    /// <summary>No compression.</summary>
    Uncompressed = 0,
    /// <summary>Snappy.</summary>
    Snappy = 1,
    /// <summary>Gzip.</summary>
    Gzip = 2,
    /// <summary>Zstandard.</summary>
    Zstd = 6,
}
