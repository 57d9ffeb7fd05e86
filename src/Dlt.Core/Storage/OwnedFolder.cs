namespace Dlt.Storage;

/// <summary>
/// A folder that belongs to this process: a lock in it, which the operating system releases when the process ends, tells that its owner
/// lives. Making one removes the folders whose owners were killed.
/// </summary>
internal sealed class OwnedFolder : IDisposable
{
    /// <summary>Begin of the names of these folders.</summary>
    public const string Prefix = "dlt-process-";

    private const string LockFile = ".owner";
    private const int MaxAttempts = 10;

    private readonly FileStream _lock;

    /// <param name="root">Folder in which it is made.</param>
    /// <exception cref="IOException">The folder cannot be made.</exception>
    public OwnedFolder(string root)
    {
        for (var attempt = 1; ; attempt++)
        {
            Path = System.IO.Path.Combine(root, $"{Prefix}{Guid.NewGuid():N}");
            Directory.CreateDirectory(Path);
            try
            {
                _lock = OpenLock(Path, FileMode.CreateNew);
                break;
            }
            catch (IOException) when (attempt < MaxAttempts)
            {
                // Another process took it for a folder without an owner, and removes it.
            }
        }

        // Some file systems have no locks: there nobody knows which owners live.
        if (!CanLock(Path)) RemoveAbandoned(root);
    }

    /// <summary>Full path of the folder.</summary>
    public string Path { get; }

    /// <summary>Removes the folder. Files that cannot be removed stay for the next process.</summary>
    public void Dispose()
    {
        _lock.Dispose();
        TryDelete(Path);
    }

    private void RemoveAbandoned(string root)
    {
        foreach (var folder in Directory.EnumerateDirectories(root, Prefix + "*"))
        {
            if (folder != Path && File.Exists(System.IO.Path.Combine(folder, LockFile)) && CanLock(folder)) TryDelete(folder);
        }
    }

    private static bool CanLock(string folder)
    {
        try
        {
            OpenLock(folder, FileMode.Open).Dispose();
            return true;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return false;   // it is held, belongs to another user, or is gone
        }
    }

    private static FileStream OpenLock(string folder, FileMode mode) =>
        new(System.IO.Path.Combine(folder, LockFile), mode, FileAccess.ReadWrite, FileShare.None);

    private static void TryDelete(string folder)
    {
        try
        {
            Directory.Delete(folder, recursive: true);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // Another process removes it too, or a file is still open.
        }
    }
}
