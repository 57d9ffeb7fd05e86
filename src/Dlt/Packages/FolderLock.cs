using Dlt.Internal;

namespace Dlt.Packages;

/// <summary>
/// Lock of a working folder, so one process at a time runs a pipeline. The operating system releases it when the process ends, even after a
/// crash.
/// </summary>
internal static class FolderLock
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    /// <summary>Takes the lock, and waits for it if the run is to wait.</summary>
    /// <param name="folder">The working folder.</param>
    /// <param name="pipeline">Name of the pipeline.</param>
    /// <param name="waits">True: waits while another process holds the lock. False: that is an error.</param>
    /// <param name="time">Clock of the pauses between two attempts.</param>
    /// <param name="warn">Receives one warning when the wait begins.</param>
    /// <param name="cancellationToken">Stops the wait; the lock is not taken.</param>
    /// <exception cref="DltException">Another process holds the lock, or the folder cannot be written.</exception>
    public static async Task<IDisposable> TakeAsync(
        string folder, string pipeline, bool waits, TimeProvider time, Action<string> warn, CancellationToken cancellationToken)
    {
        var isReported = false;
        while (true)
        {
            try
            {
                return Take(folder, pipeline);
            }
            catch (DltException error) when (waits && error.IsTransient)
            {
                if (!isReported)
                    warn($"Pipeline '{pipeline}' is running in another process, which holds {folder}. This run waits until it ends.");
                isReported = true;
            }

            await Task.Delay(Pause, time, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <exception cref="DltException">Another process holds the lock, or the folder cannot be written.</exception>
    public static IDisposable Take(string folder, string pipeline)
    {
        try
        {
            DurableFolder.Create(folder);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new DltException($"The working folder {folder} cannot be created: {Failure.Sentence(error)} Nothing was run.", error);
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
            throw new DltException($"The lock file of pipeline '{pipeline}' cannot be opened: {Failure.Sentence(error)} "
                + $"Nothing was run. Check {Path.Combine(folder, ".lock")}, then run again.", error);
        }
        catch (IOException error)
        {
            throw new DltException($"Pipeline '{pipeline}' is running in another process, which holds {folder}. Nothing was run. Run "
                + "again when it has ended; loads and programs wait for it with --wait.", error)
            { IsTransient = true };
        }
    }
}
