namespace Dlt;

/// <summary>Formats of files that are loaded, each plain or within gzip or zstd.</summary>
public enum InputFormat
{
    /// <summary>One item a line, an array, or objects over several lines.</summary>
    Json,

    /// <summary>Text with a delimiter between fields.</summary>
    Csv,

    /// <summary>Apache Parquet.</summary>
    Parquet,

    /// <summary>Apache Arrow IPC, a file or a stream.</summary>
    Arrow,
}
