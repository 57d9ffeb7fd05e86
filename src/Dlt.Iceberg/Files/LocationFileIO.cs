using Dlt.Storage;

namespace Dlt.Iceberg;

/// <summary>Chooses the local disk or the object store by the location of a file. The store is opened on first use.</summary>
internal sealed class LocationFileIO(Func<IObjectStore>? openStore) : IFileIO
{
    private readonly LocalFileIO _local = new();
    private readonly Lazy<ObjectFileIO?> _store = new(() => openStore is null ? null : new ObjectFileIO(openStore()));

    public Task<byte[]> ReadAsync(string location, CancellationToken cancellationToken) =>
        Of(location).ReadAsync(location, cancellationToken);

    public Task<byte[]> ReadAsync(string location, long offset, long length, CancellationToken cancellationToken) =>
        Of(location).ReadAsync(location, offset, length, cancellationToken);

    public Task<Stream> OpenAsync(string location, long? length, CancellationToken cancellationToken) =>
        Of(location).OpenAsync(location, length, cancellationToken);

    public Task WriteAsync(string location, byte[] content, CancellationToken cancellationToken) =>
        Of(location).WriteAsync(location, content, cancellationToken);

    public Task<bool> TryCreateAsync(string location, byte[] content, CancellationToken cancellationToken) =>
        Of(location).TryCreateAsync(location, content, cancellationToken);

    public Task UploadAsync(string location, string path, CancellationToken cancellationToken) =>
        Of(location).UploadAsync(location, path, cancellationToken);

    public Task<bool> ExistsAsync(string location, CancellationToken cancellationToken) =>
        Of(location).ExistsAsync(location, cancellationToken);

    public async Task DeleteAsync(IReadOnlyCollection<string> locations, CancellationToken cancellationToken)
    {
        foreach (var files in locations.GroupBy(Of)) await files.Key.DeleteAsync([.. files], cancellationToken).ConfigureAwait(false);
    }

    public IAsyncEnumerable<ListedFile> ListAsync(
        string folder, CancellationToken cancellationToken) => Of(folder).ListAsync(folder, cancellationToken);

    private IFileIO Of(string location)
    {
        if (location.StartsWith("file:", StringComparison.Ordinal) || location.StartsWith('/')) return _local;
        return _store.Value
            ?? throw new IcebergException(IcebergError.Unsupported,
                $"{location} is not a local path, and the catalog has no object store. Nothing was read. Set "
                    + "RestCatalogOptions.OpenStore, or use Athena.RestCatalog.")
            { File = location };
    }
}
