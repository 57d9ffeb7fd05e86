using System.Collections.Concurrent;
using Dlt.Storage;

namespace Dlt.Destinations.Staging;

/// <summary>Uploads the files of one load and remembers the sizes that the store reports.</summary>
/// <param name="objects">The store.</param>
internal sealed class UploadedFiles(IObjectStore objects)
{
    private readonly ConcurrentDictionary<ObjectLocation, long> _sizes = new();

    /// <summary>Writes a file to the store.</summary>
    public async Task UploadAsync(ObjectLocation location, string path, CancellationToken cancellationToken) =>
        _sizes[location] = (await objects.UploadAsync(location, path, cancellationToken).ConfigureAwait(false)).Size;

    /// <summary>True when the store has the file with its size.</summary>
    public async Task<bool> IsUploadedAsync(ObjectLocation location, long size, CancellationToken cancellationToken)
    {
        if (await objects.HeadAsync(location, cancellationToken).ConfigureAwait(false) is not { } stored) return false;
        _sizes[location] = stored.Size;
        return stored.Size == size;
    }

    /// <summary>
    /// Counts the rows of the files that are completely in the store. Asks the store only for files that this process did not upload.
    /// </summary>
    public async Task<long> RowsAsync(IEnumerable<StagedFile> files, CancellationToken cancellationToken)
    {
        var rows = 0L;
        foreach (var file in files)
        {
            var isWhole = _sizes.TryGetValue(file.Location, out var size)
                ? size == file.Size : await IsUploadedAsync(file.Location, file.Size, cancellationToken).ConfigureAwait(false);
            if (isWhole) rows += file.Rows;
        }

        return rows;
    }
}
