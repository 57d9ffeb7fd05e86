namespace Dlt.Iceberg.Files;

/// <summary>Files of tables by their locations, which are taken literally.</summary>
internal interface IFileIO
{
    /// <exception cref="IcebergException">There is no such file.</exception>
    Task<byte[]> ReadAsync(string location, CancellationToken cancellationToken);

    /// <summary>Part of a file.</summary>
    /// <exception cref="IcebergException">There is no such file, or it ends before.</exception>
    Task<byte[]> ReadAsync(string location, long offset, long length, CancellationToken cancellationToken);

    /// <summary>A file to read at random.</summary>
    /// <param name="location">Where it is.</param>
    /// <param name="length">Its bytes, where known.</param>
    /// <param name="cancellationToken">Stops.</param>
    /// <exception cref="IcebergException">There is no such file.</exception>
    Task<Stream> OpenAsync(string location, long? length, CancellationToken cancellationToken);

    /// <summary>Writes a file whole.</summary>
    Task WriteAsync(string location, byte[] content, CancellationToken cancellationToken);

    /// <summary>Writes a file whole, unless there is one.</summary>
    /// <returns>False when there is one.</returns>
    Task<bool> TryCreateAsync(string location, byte[] content, CancellationToken cancellationToken);

    /// <summary>Writes a file from a local one.</summary>
    Task UploadAsync(string location, string path, CancellationToken cancellationToken);

    Task<bool> ExistsAsync(string location, CancellationToken cancellationToken);

    /// <summary>Deletes files; those that are not there do not matter.</summary>
    Task DeleteAsync(IReadOnlyCollection<string> locations, CancellationToken cancellationToken);

    /// <summary>Files below a folder.</summary>
    IAsyncEnumerable<(string Location, long Size, DateTimeOffset LastModified)> ListAsync(
        string folder, CancellationToken cancellationToken);
}
