namespace Dlt;

/// <summary>Format of an input file, which may be compressed with gzip or zstd.</summary>
public enum InputFormat
{
    /// <summary>JSON: one item per line, an array, or objects over several lines.</summary>
    Json,

    /// <summary>CSV: text with a delimiter between fields.</summary>
    Csv,

    /// <summary>Apache Parquet.</summary>
    Parquet,

    /// <summary>Apache Arrow IPC, as a file or stream.</summary>
    Arrow,
}
