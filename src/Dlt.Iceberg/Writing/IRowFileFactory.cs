using Dlt.Parquet;

namespace Dlt.Iceberg;

/// <summary>
/// Makes Parquet files of rows of any type. A <see cref="IDataFileReader"/> that also is one of these writes the tables whose columns the
/// encoder of this package does not know: floats, structs, lists and maps. <c>Dlt.Parquet.Reading</c> has one.
/// </summary>
public interface IRowFileFactory
{
    /// <summary>Begins a file.</summary>
    /// <param name="path">Its path on the local disk; a file that is there is overwritten.</param>
    /// <param name="schema">The columns. The file has their ids as field ids, and times in microseconds (Iceberg specification, "Parquet").
    /// Columns of the type uuid may be plain <c>FIXED_LEN_BYTE_ARRAY(16)</c>; the caller annotates them.</param>
    /// <param name="options">Codec, and limits of pages and dictionaries.</param>
    /// <param name="keyValueMetadata">Entries of the file's footer.</param>
    IRowFile Create(
        string path, Schema schema, ParquetWriterOptions options, IReadOnlyList<KeyValuePair<string, string>> keyValueMetadata);
}

/// <summary>
/// A Parquet file that is being written: any number of row groups, then <see cref="Complete"/> once. A file that is disposed without it is
/// abandoned. One caller at a time.
/// </summary>
public interface IRowFile : IDisposable
{
    /// <summary>Bytes that the file has so far, roughly.</summary>
    long Length { get; }

    /// <summary>Adds a row group.</summary>
    /// <param name="rows">
    /// One value per column in the forms of <see cref="PrimitiveKind"/>: structs are object[], lists List, maps lists of pairs. The list is
    /// not kept.
    /// </param>
    void WriteRowGroup(IReadOnlyList<object?[]> rows);

    /// <summary>Writes the footer. The file can be read when it is disposed.</summary>
    void Complete();
}
