namespace Dlt.Iceberg;

/// <summary>
/// Writes one local Parquet file row by row. Call <see cref="Add"/> for each row, then <see cref="Complete"/> once. Disposing without <see
/// cref="Complete"/> discards the file. It does not depend on partitions, file sizes or the table's folder.
/// </summary>
internal interface IRowAppender : IDisposable
{
    /// <summary>Approximate number of bytes of the rows in the file.</summary>
    long WrittenBytes { get; }

    /// <summary>Approximate number of bytes of the rows in memory.</summary>
    long WaitingBytes { get; }

    /// <summary>False if rows can be written only when all of them are added.</summary>
    bool CanFlush { get; }

    /// <summary>Adds a row. Called per row.</summary>
    /// <param name="row">One value per column, in the .NET form of <see cref="PrimitiveKind"/>.</param>
    void Add(object?[] row);

    /// <summary>Writes the rows in memory as a row group.</summary>
    void Flush();

    /// <summary>Writes the remaining rows and the footer. The file can be read afterwards.</summary>
    void Complete();
}
