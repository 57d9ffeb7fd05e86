namespace Dlt.Iceberg;

/// <summary>
/// Reads the metadata file that a catalog points to. Before the file is read, another writer may commit and delete it
/// (<c>write.metadata.delete-after-commit.enabled</c>). The pointer has moved then and is looked up again.
/// </summary>
internal static class CurrentMetadata
{
    private const int MaxLookUps = 10;

    /// <summary>Reads the current metadata of a table and its location.</summary>
    /// <param name="pointer">Returns the location of the current metadata file; null when the table does not exist.</param>
    /// <param name="read">Reads a file.</param>
    /// <param name="cancellationToken">Cancels the read.</param>
    /// <returns>Metadata and location; null when the table does not exist.</returns>
    /// <exception cref="IcebergException">The current metadata file does not exist, or it is damaged.</exception>
    public static async Task<(TableMetadata Metadata, string Location)?> ReadAsync(
        Func<CancellationToken, Task<string?>> pointer, Func<string, CancellationToken, Task<byte[]>> read,
        CancellationToken cancellationToken)
    {
        string? before = null;
        for (var lookUp = 1; ; lookUp++)
        {
            if (await pointer(cancellationToken).ConfigureAwait(false) is not { } location) return null;
            try
            {
                return (TableMetadataJson.Read(await read(location, cancellationToken).ConfigureAwait(false), location), location);
            }
            catch (IcebergException error) when (error.Error == IcebergError.NotFound && location != before && lookUp < MaxLookUps)
            {
                before = location;
            }
        }
    }
}
