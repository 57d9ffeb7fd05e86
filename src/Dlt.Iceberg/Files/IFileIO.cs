namespace Dlt.Iceberg;

/// <summary>
/// Reads and writes files of tables by location, such as <c>s3://bucket/key</c> or <c>file:///path</c>. Locations are literal: no part of
/// them is decoded. Implementations are safe for concurrent use.
/// </summary>
public interface IFileIO
{
    /// <summary>Reads a whole file.</summary>
    /// <exception cref="IcebergException">The file does not exist (<see cref="IcebergError.NotFound"/>).</exception>
    Task<byte[]> ReadAsync(string location, CancellationToken cancellationToken = default);

    /// <summary>Reads a part of a file.</summary>
    /// <param name="location">Location of the file.</param>
    /// <param name="offset">Offset of the first byte.</param>
    /// <param name="length">Number of bytes.</param>
    /// <param name="cancellationToken">Cancels the read.</param>
    /// <returns>Exactly <paramref name="length"/> bytes.</returns>
    /// <exception cref="IcebergException">
    /// The file does not exist, or it ends before the last byte (<see cref="IcebergError.Corrupt"/>).
    /// </exception>
    Task<byte[]> ReadAsync(string location, long offset, long length, CancellationToken cancellationToken = default);

    /// <summary>Opens a file for random access. The caller disposes the stream.</summary>
    /// <param name="location">Location of the file.</param>
    /// <param name="length">Size of the file in bytes, if the caller knows it. A known size saves a call to an object store.</param>
    /// <param name="cancellationToken">Cancels the opening.</param>
    /// <exception cref="IcebergException">The file does not exist. An object store may report this at the first read.</exception>
    Task<Stream> OpenAsync(string location, long? length, CancellationToken cancellationToken = default);

    /// <summary>Writes a whole file and replaces an existing one. The file is durable when the task completes.</summary>
    Task WriteAsync(string location, byte[] content, CancellationToken cancellationToken = default);

    /// <summary>Writes a whole file unless it exists. If several callers create the same file, exactly one succeeds.</summary>
    /// <returns>False if the file exists; its content did not change.</returns>
    Task<bool> TryCreateAsync(string location, byte[] content, CancellationToken cancellationToken = default);

    /// <summary>Uploads a local file and replaces an existing one.</summary>
    /// <param name="location">Location to write.</param>
    /// <param name="path">Path of the local file, which is not deleted.</param>
    /// <param name="cancellationToken">Cancels the upload.</param>
    Task UploadAsync(string location, string path, CancellationToken cancellationToken = default);

    /// <summary>Returns true if the file exists.</summary>
    Task<bool> ExistsAsync(string location, CancellationToken cancellationToken = default);

    /// <summary>Deletes files. A missing file is not an error.</summary>
    Task DeleteAsync(IReadOnlyCollection<string> locations, CancellationToken cancellationToken = default);

    /// <summary>
    /// Lists the files below a folder at any depth, in no particular order. The list is empty if the folder does not exist.
    /// </summary>
    IAsyncEnumerable<ListedFile> ListAsync(string folder, CancellationToken cancellationToken = default);
}
