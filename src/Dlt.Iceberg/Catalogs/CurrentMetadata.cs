namespace Dlt.Iceberg;

/// <summary>
/// Reads the metadata file that a catalog points to. Between the look-up of the pointer and the reading of the file others may commit and
/// delete that file (<c>write.metadata.delete-after-commit.enabled</c>): then the pointer has moved, and is looked up again.
/// </summary>
internal static class CurrentMetadata
{
    private const int MaxLookUps = 10;

    /// <param name="pointer">Looks up where the current metadata file is; null when there is no table.</param>
    /// <param name="read">Reads a file.</param>
    /// <param name="cancellationToken">Stops.</param>
    /// <returns>Null when there is no table.</returns>
    /// <exception cref="IcebergException">The file that the pointer names is not there although the pointer stays, or it is
    /// damaged.</exception>
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
