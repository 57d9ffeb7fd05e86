using Dlt.Parquet;

namespace Dlt.Iceberg;

/// <summary>
/// Creates Parquet files with columns of any type. If an <see cref="IDataFileReader"/> implements this interface, it writes the tables with
/// columns that this package's encoder does not support: floats, structs, lists and maps. The package <c>Dlt.Parquet.Reading</c> implements
/// it.
/// </summary>
public interface IRowFileFactory
{
    /// <summary>Creates a file.</summary>
    /// <param name="path">Path of the local file; an existing file is overwritten.</param>
    /// <param name="schema">
    /// Columns. The file has their ids as field ids, and times in microseconds (Iceberg specification, "Parquet"). UUID columns may be
    /// plain <c>FIXED_LEN_BYTE_ARRAY(16)</c>; the caller annotates them.
    /// </param>
    /// <param name="options">
    /// Codec and limits of pages and dictionaries. The caller adds the Bloom filters. If there are any, each call of <see
    /// cref="IRowFile.WriteRowGroup"/> must be one row group of the file.
    /// </param>
    /// <param name="keyValueMetadata">Key-value metadata of the file's footer.</param>
    IRowFile Create(
        string path, Schema schema, ParquetWriterOptions options, IReadOnlyList<KeyValuePair<string, string>> keyValueMetadata);
}

/// <summary>
/// A Parquet file that is being written. Add row groups, then call <see cref="Complete"/> once. Disposing without <see cref="Complete"/>
/// discards the file. Not safe for concurrent use.
/// </summary>
public interface IRowFile : IDisposable
{
    /// <summary>Approximate number of bytes in the file.</summary>
    long Length { get; }

    /// <summary>Writes a row group.</summary>
    /// <param name="rows">
    /// Rows with one value per column, in the .NET form of <see cref="PrimitiveKind"/>: structs are object[], lists List, maps lists of
    /// pairs. The method must not keep the list.
    /// </param>
    void WriteRowGroup(IReadOnlyList<object?[]> rows);

    /// <summary>Writes the footer. The file can be read after it is disposed.</summary>
    void Complete();
}
