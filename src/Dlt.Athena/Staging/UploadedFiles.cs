using System.Collections.Concurrent;
using Dlt.Iceberg;
using Dlt.Storage;

namespace Dlt.Destinations.Staging;

/// <summary>Files of one load in the store, by what the store says of them.</summary>
/// <param name="objects">The store.</param>
internal sealed class UploadedFiles(IObjectStore objects)
{
    private readonly ConcurrentDictionary<ObjectLocation, long> _sizes = new();

    /// <summary>Writes a file to the store.</summary>
    public async Task UploadAsync(ObjectLocation location, string path, CancellationToken cancellationToken) =>
        _sizes[location] = (await objects.UploadAsync(location, path, cancellationToken).ConfigureAwait(false)).Size;

    /// <summary>True when a file is in the store, whole.</summary>
    public async Task<bool> AskAsync(ObjectLocation location, string path, CancellationToken cancellationToken)
    {
        if (await objects.HeadAsync(location, cancellationToken).ConfigureAwait(false) is not { } there) return false;
        _sizes[location] = there.Size;
        return there.Size == new FileInfo(path).Length;
    }

    /// <summary>
    /// Rows of the files that are in the store, whole. The store is asked for those alone that this process did not upload.
    /// </summary>
    public async Task<long> RowsAsync(IEnumerable<(ObjectLocation Location, string Path)> files, CancellationToken cancellationToken)
    {
        var rows = 0L;
        foreach (var (location, path) in files)
        {
            var isWhole = _sizes.TryGetValue(location, out var size)
                ? size == new FileInfo(path).Length : await AskAsync(location, path, cancellationToken).ConfigureAwait(false);
            if (isWhole) rows += new ParquetFile(path).Rows;
        }

        return rows;
    }
}
