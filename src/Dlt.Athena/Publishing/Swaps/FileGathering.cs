using Dlt.Destinations.Settings;
using Dlt.Internal;
using Dlt.Packages;
using Dlt.Storage;

namespace Dlt.Destinations.Publishing;

/// <summary>
/// Moves files of an external table between its folders. A file is copied first, then the LOCATION is read, and only if the table still
/// reads the folder are the sources deleted. So whoever swaps the table in between finds the file in the folder that it left.
/// </summary>
/// <param name="objects">The store.</param>
internal sealed class FileGathering(IObjectStore objects)
{
    /// <summary>Bytes of a file that is copied in memory; a larger one is copied through a file on this machine.</summary>
    private const long MaxInMemory = 8 << 20;

    /// <summary>Lists the files of a table in all its folders.</summary>
    public async Task<IReadOnlyList<ObjectInfo>> ListAsync(ObjectLocation folder, CancellationToken cancellationToken)
    {
        var files = new List<ObjectInfo>();
        await foreach (var file in objects.ListAsync(folder.Bucket, folder.Key, cancellationToken).ConfigureAwait(false)) files.Add(file);
        return files;
    }

    /// <summary>Copies files to a folder, which may not be read yet. Copies that exist are not made again.</summary>
    /// <param name="folder">Folder of the table itself, with a trailing slash.</param>
    /// <param name="target">Key of the folder to copy to, with a trailing slash.</param>
    /// <param name="listed">All files of the table.</param>
    /// <param name="moved">The files to copy among them; files of the folder stay.</param>
    /// <param name="cancellationToken">Stops; some files may be copied.</param>
    /// <returns>The files that have a copy, with its key.</returns>
    public async Task<IReadOnlyList<(ObjectInfo File, string Copy)>> CopyAsync(
        ObjectLocation folder, string target, IReadOnlyList<ObjectInfo> listed, IEnumerable<ObjectInfo> moved,
        CancellationToken cancellationToken)
    {
        var known = listed.ToDictionary(f => f.Location.Key, StringComparer.Ordinal);
        var copies = new List<(ObjectInfo, string)>();
        foreach (var file in moved)
        {
            var copy = file.Location with { Key = SwapFolder.In(file.Location.Key, folder.Key, target) };
            if (copy == file.Location) continue;
            var isThere = known.TryGetValue(copy.Key, out var earlier)
                && earlier.Size == file.Size && earlier.LastModified >= file.LastModified;
            if (isThere || await TryCopyAsync(file, copy, cancellationToken).ConfigureAwait(false)) copies.Add((file, copy.Key));
        }

        return copies;
    }

    /// <summary>Moves files to the folder that a table reads from, if it still does when they are copied.</summary>
    /// <param name="folder">Folder of the table itself, with a trailing slash.</param>
    /// <param name="target">Key of the folder that the table reads from, with a trailing slash.</param>
    /// <param name="listed">All files of the table.</param>
    /// <param name="isMoved">True for the files to move.</param>
    /// <param name="isCurrent">Reads the LOCATION of the table; true if it is the target.</param>
    /// <param name="cancellationToken">Stops; files may be in both folders, and a repeated call goes on.</param>
    /// <returns>False when the table does not read the target any more: no file was deleted.</returns>
    public async Task<bool> MoveAsync(
        ObjectLocation folder, string target, IReadOnlyList<ObjectInfo> listed, Func<ObjectInfo, bool> isMoved,
        Func<CancellationToken, Task<bool>> isCurrent, CancellationToken cancellationToken)
    {
        var copies = await CopyAsync(folder, target, listed, listed.Where(isMoved), cancellationToken).ConfigureAwait(false);
        if (!await isCurrent(cancellationToken).ConfigureAwait(false)) return false;
        List<string> left = [.. copies.Select(c => c.File.Location.Key).Where(k => IsLeft(k, target))];
        if (left.Count > 0) await objects.DeleteAsync(folder.Bucket, left, cancellationToken).ConfigureAwait(false);
        return true;
    }

    /// <summary>
    /// True for a file in a folder that the table has left. The folder of a later swap is not left: the table may read it before a delete
    /// arrives. A file that stays there without need goes with the next replace.
    /// </summary>
    private static bool IsLeft(string key, string target) => SwapFolder.LoadIdOf(key) is not { } swap
        || (SwapFolder.LoadIdOf(target) is { } current && LoadIdOrder.Instance.Compare(swap, current) < 0);

    /// <summary>Copies a file; false when another load has moved or deleted it since the listing.</summary>
    private async Task<bool> TryCopyAsync(ObjectInfo file, ObjectLocation copy, CancellationToken cancellationToken)
    {
        if (file.Size <= MaxInMemory)
        {
            if (await objects.TryReadAsync(file.Location, cancellationToken).ConfigureAwait(false) is not { } stored) return false;
            await objects.PutAsync(copy, stored.Content, cancellationToken: cancellationToken).ConfigureAwait(false);
            return true;
        }

        var path = Path.Combine(TemporaryFolder.OfProcess, $"{Guid.NewGuid():N}.parquet");
        try
        {
            using (var local = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, 1 << 16, useAsync: true))
            {
                var stream = await objects.OpenReadAsync(file.Location, file.Size, cancellationToken).ConfigureAwait(false);
                await using (stream.ConfigureAwait(false))
                    await stream.CopyToAsync(local, 1 << 22, cancellationToken).ConfigureAwait(false);
            }

            await objects.UploadAsync(copy, path, cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (ObjectNotFoundException)
        {
            return false;
        }
        finally
        {
            File.Delete(path);
        }
    }
}
