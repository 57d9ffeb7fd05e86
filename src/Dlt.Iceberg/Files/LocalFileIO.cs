using System.Runtime.CompilerServices;
using Dlt.Internal;

namespace Dlt.Iceberg;

/// <summary>Stores files of tables on a local disk. Locations are paths or <c>file:///path</c>.</summary>
public sealed class LocalFileIO : IFileIO
{
    private const string Scheme = "file:";

    /// <summary>The path of a location. Locations are literal: no part of them is decoded.</summary>
    internal static string PathOf(string location)
    {
        if (!location.StartsWith(Scheme, StringComparison.Ordinal)) return location;
        var path = location[Scheme.Length..];
        return path.StartsWith("//", StringComparison.Ordinal) ? path[2..] : path;
    }

    /// <inheritdoc/>
    public async Task<byte[]> ReadAsync(string location, CancellationToken cancellationToken = default)
    {
        try
        {
            return await File.ReadAllBytesAsync(PathOf(location), cancellationToken).ConfigureAwait(false);
        }
        catch (Exception error)
            when (error is FileNotFoundException or DirectoryNotFoundException or PathTooLongException
                or ArgumentException or UnauthorizedAccessException)
        {
            throw NotFound(location, error);
        }
    }

    /// <inheritdoc/>
    public async Task<byte[]> ReadAsync(string location, long offset, long length, CancellationToken cancellationToken = default)
    {
        var file = await OpenAsync(location, null, cancellationToken).ConfigureAwait(false);
        await using (file.ConfigureAwait(false))
        {
            if (offset + length > file.Length)
            {
                var available = Math.Max(0, file.Length - offset);
                throw IcebergException.Corrupt(location, $"{length} bytes were expected, but the file has {available}", offset);
            }

            file.Position = offset;
            var bytes = new byte[length];
            await file.ReadExactlyAsync(bytes, cancellationToken).ConfigureAwait(false);
            return bytes;
        }
    }

    /// <inheritdoc/>
    public Task<Stream> OpenAsync(string location, long? length, CancellationToken cancellationToken = default)
    {
        try
        {
            const FileShare share = FileShare.ReadWrite | FileShare.Delete;
            return Task.FromResult<Stream>(new FileStream(PathOf(location), FileMode.Open, FileAccess.Read, share));
        }
        catch (Exception error)
            when (error is FileNotFoundException or DirectoryNotFoundException or PathTooLongException
                or ArgumentException or UnauthorizedAccessException)
        {
            throw NotFound(location, error);
        }
    }

    /// <inheritdoc/>
    public async Task WriteAsync(string location, byte[] content, CancellationToken cancellationToken = default)
    {
        var path = PathOf(location);
        var folder = Path.GetDirectoryName(path)!;
        DurableFolder.Create(folder);
        var temporary = NewTemporary(path);
        try
        {
            await WriteDurablyAsync(temporary, content, cancellationToken).ConfigureAwait(false);
            File.Move(temporary, path, overwrite: true);
        }
        finally
        {
            File.Delete(temporary);
        }

        DurableFolder.Flush(folder);
    }

    /// <inheritdoc/>
    /// <remarks>Creates a hard link: a single atomic step, so only one process succeeds.</remarks>
    public async Task<bool> TryCreateAsync(string location, byte[] content, CancellationToken cancellationToken = default)
    {
        var path = PathOf(location);
        var folder = Path.GetDirectoryName(path)!;
        DurableFolder.Create(folder);
        var temporary = NewTemporary(path);
        try
        {
            await WriteDurablyAsync(temporary, content, cancellationToken).ConfigureAwait(false);
            if (!HardLink.TryCreate(temporary, path)) return false;
        }
        finally
        {
            File.Delete(temporary);
        }

        DurableFolder.Flush(folder);
        return true;
    }

    /// <inheritdoc/>
    public Task UploadAsync(string location, string path, CancellationToken cancellationToken = default)
    {
        var target = PathOf(location);
        var folder = Path.GetDirectoryName(target)!;
        DurableFolder.Create(folder);
        var temporary = NewTemporary(target);
        try
        {
            File.Copy(path, temporary);
            DurableFile.Flush(temporary);
            File.Move(temporary, target, overwrite: true);
        }
        finally
        {
            File.Delete(temporary);
        }

        DurableFolder.Flush(folder);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task<bool> ExistsAsync(string location, CancellationToken cancellationToken = default) =>
        Task.FromResult(File.Exists(PathOf(location)));

    /// <inheritdoc/>
    public Task DeleteAsync(IReadOnlyCollection<string> locations, CancellationToken cancellationToken = default)
    {
        var folders = new HashSet<string>(StringComparer.Ordinal);
        foreach (var path in locations.Select(PathOf).Where(File.Exists))
        {
            File.Delete(path);
            folders.Add(Path.GetDirectoryName(path)!);
        }

        foreach (var folder in folders.Where(Directory.Exists)) DurableFolder.Flush(folder);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<ListedFile> ListAsync(
        string folder, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await Task.CompletedTask.ConfigureAwait(false);
        var root = PathOf(folder);
        if (!Directory.Exists(root)) yield break;
        foreach (var file in new DirectoryInfo(root).EnumerateFiles("*", SearchOption.AllDirectories))
            yield return new(folder.TrimEnd('/') + file.FullName[Path.GetFullPath(root).TrimEnd('/').Length..],
                file.Length, file.LastWriteTimeUtc);
    }

    /// <summary>A path in the folder of the file, with a name that every file system accepts.</summary>
    private static string NewTemporary(string path) => Path.Combine(Path.GetDirectoryName(path)!, $"{Guid.NewGuid():N}.tmp");

    private static async Task WriteDurablyAsync(string path, byte[] content, CancellationToken cancellationToken)
    {
        using var file = File.OpenHandle(path, FileMode.CreateNew, FileAccess.Write, FileShare.Read);
        await RandomAccess.WriteAsync(file, content, 0, cancellationToken).ConfigureAwait(false);
        DurableFile.Flush(file, path);
    }

    private static IcebergException NotFound(string location, Exception error) =>
        new(IcebergError.NotFound,
            $"{location} does not exist. The table was not changed. Restore the file, or read an older snapshot.",
            error)
        { File = location };
}
