using Dlt.Parquet;

namespace Dlt.Iceberg;

/// <summary>Writes rows of any type as Parquet files with field ids.</summary>
internal interface IRowFileWriter
{
    IRowFile Create(string path, Schema schema, ParquetWriterOptions options);
}

/// <summary>A Parquet file that is being written; it is complete when it is disposed.</summary>
internal interface IRowFile : IDisposable
{
    /// <summary>Bytes so far, roughly.</summary>
    long Length { get; }

    /// <summary>Adds a row group.</summary>
    void Write(IReadOnlyList<object?[]> rows);
}
