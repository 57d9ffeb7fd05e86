namespace Dlt.Iceberg;

/// <summary>
/// Fills one local Parquet file row by row: any number of <see cref="Add"/>, then <see cref="Complete"/> once. A file that is disposed
/// without it is abandoned. Knows nothing of partitions, of the size of files, and of the table's folder.
/// </summary>
internal interface IRowAppender : IDisposable
{
    /// <summary>Bytes of the rows that are in the file, roughly.</summary>
    long WrittenBytes { get; }

    /// <summary>Bytes of the rows that wait in memory, roughly.</summary>
    long WaitingBytes { get; }

    /// <summary>False when no row can be written before all are there.</summary>
    bool CanFlush { get; }

    /// <summary>Adds a row. Per row.</summary>
    /// <param name="row">One value per column in the forms of <see cref="PrimitiveKind"/>.</param>
    void Add(object?[] row);

    /// <summary>Writes the rows that wait as a row group.</summary>
    void Flush();

    /// <summary>Writes what waits, and the footer. The file can be read afterwards.</summary>
    void Complete();
}
