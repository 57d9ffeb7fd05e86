using Dlt.Internal;

namespace Dlt.Packages;

/// <summary>
/// Lock of a working folder, so one process at a time runs a pipeline. The operating system releases it when the process ends, even after a
/// crash.
/// </summary>
internal static class FolderLock
{
    /// <exception cref="DltException">Another process holds the lock, or the folder cannot be written.</exception>
    public static IDisposable Take(string folder, string pipeline)
    {
        try
        {
            DurableFolder.Create(folder);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new DltException($"The working folder {folder} cannot be created: {error.Message} Nothing was run.", error);
        }

        try
        {
            return new FileStream(Path.Combine(folder, ".lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (UnauthorizedAccessException error)
        {
            throw new DltException($"The working folder {folder} is not writable. Nothing was run.", error);
        }
        catch (IOException error) when (!SharingViolation.Is(error))
        {
            throw new DltException($"The lock file of pipeline '{pipeline}' cannot be opened: {error.Message} Nothing was run. Check "
                + $"{Path.Combine(folder, ".lock")}, then run again.", error);
        }
        catch (IOException error)
        {
            throw new DltException($"Pipeline '{pipeline}' is running in another process, which holds {folder}. Nothing was run; wait "
                + "until it ends.", error)
            { IsTransient = true };
        }
    }
}
