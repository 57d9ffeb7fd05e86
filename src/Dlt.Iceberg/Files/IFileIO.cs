namespace Dlt.Iceberg;

/// <summary>
/// Reads and writes the files of tables by their locations, such as <c>s3://bucket/key</c> or <c>file:///path</c>. Locations are taken
/// literally: nothing in them is decoded. Implementations can be called from several threads at once.
/// </summary>
public interface IFileIO
{
    /// <summary>Reads a whole file.</summary>
    /// <exception cref="IcebergException">There is no such file (<see cref="IcebergError.NotFound"/>).</exception>
    Task<byte[]> ReadAsync(string location, CancellationToken cancellationToken = default);

    /// <summary>Reads a part of a file.</summary>
    /// <param name="location">Where the file is.</param>
    /// <param name="offset">The first byte, from 0.</param>
    /// <param name="length">How many bytes.</param>
    /// <param name="cancellationToken">Stops.</param>
    /// <returns>Exactly so many bytes.</returns>
    /// <exception cref="IcebergException">There is no such file, or it ends earlier (<see cref="IcebergError.Corrupt"/>).</exception>
    Task<byte[]> ReadAsync(string location, long offset, long length, CancellationToken cancellationToken = default);

    /// <summary>Opens a file to be read at random; the caller disposes the stream.</summary>
    /// <param name="location">Where the file is.</param>
    /// <param name="length">Its bytes, where the caller knows them; saves a call to an object store.</param>
    /// <param name="cancellationToken">Stops.</param>
    /// <exception cref="IcebergException">There is no such file. An object store may find that out at the first read.</exception>
    Task<Stream> OpenAsync(string location, long? length, CancellationToken cancellationToken = default);

    /// <summary>Writes a whole file; one that is there is replaced. The file is durable when the call returns.</summary>
    Task WriteAsync(string location, byte[] content, CancellationToken cancellationToken = default);

    /// <summary>Writes a whole file unless one is there: of several callers exactly one succeeds.</summary>
    /// <returns>False when a file is there; it is as before.</returns>
    Task<bool> TryCreateAsync(string location, byte[] content, CancellationToken cancellationToken = default);

    /// <summary>Writes a file from a local one; one that is there is replaced.</summary>
    /// <param name="location">Where the file goes.</param>
    /// <param name="path">The local file; it stays.</param>
    /// <param name="cancellationToken">Stops.</param>
    Task UploadAsync(string location, string path, CancellationToken cancellationToken = default);

    /// <summary>True when a file is there.</summary>
    Task<bool> ExistsAsync(string location, CancellationToken cancellationToken = default);

    /// <summary>Deletes files. A file that is not there is not an error.</summary>
    Task DeleteAsync(IReadOnlyCollection<string> locations, CancellationToken cancellationToken = default);

    /// <summary>Lists the files below a folder, at any depth, in no order; none when there is no such folder.</summary>
    IAsyncEnumerable<ListedFile> ListAsync(string folder, CancellationToken cancellationToken = default);
}
