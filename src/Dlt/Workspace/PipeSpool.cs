using System.Security.Cryptography;
using Dlt.Files;
using Dlt.Hashing;
using Dlt.Internal;

namespace Dlt.Workspace;

/// <summary>
/// Copies inputs that can be read only once, such as pipes, for one load. The copies are stored in the working folder and are made without
/// its lock, since a pipe may be slow. The next process removes the copies of a killed one.
/// </summary>
internal sealed class PipeSpool : IDisposable
{
    private const int BufferBytes = 1 << 20;
    private const string LockEnding = ".lock";

    private readonly string _folder;
    private readonly FileStream _lock;

    private PipeSpool(string folder, FileStream held) => (_folder, _lock) = (folder, held);

    /// <summary>Creates a spool in a pipeline's working folder.</summary>
    public static PipeSpool Create(string workingFolder)
    {
        var place = Path.Combine(workingFolder, "spool");
        Directory.CreateDirectory(place);
        RemoveAbandoned(place);
        while (true)
        {
            var folder = Path.Combine(place, DltHash.NewTempName());
            if (TryLock(folder + LockEnding) is not { } held) continue;
            Directory.CreateDirectory(folder);
            return new(folder, held);
        }
    }

    /// <summary>Copies a pipe to its end.</summary>
    /// <param name="open">Opens the pipe; this may wait for a writer.</param>
    /// <param name="name">Name of the pipe in errors.</param>
    /// <param name="cancellationToken">Stops the call at once, even while the pipe delivers nothing.</param>
    /// <returns>The copy, and the SHA-256 of its bytes.</returns>
    public async Task<(InputFile File, string Hash)> ReadAsync(Func<Stream> open, string name, CancellationToken cancellationToken)
    {
        var path = Path.Combine(_folder, DltHash.NewTempName());

        // A pipe without a writer blocks its reader in the operating system, out of the token's reach; that thread ends with the process.
        var copying = Task.Run(() => Copy(open, path, cancellationToken), CancellationToken.None);
        var hash = await copying.WaitAsync(cancellationToken).ConfigureAwait(false);
        return (new(path) { Name = name, IsCopy = true }, hash);
    }

    /// <summary>Unpacks a compressed file.</summary>
    /// <exception cref="DltException">The compressed data is damaged.</exception>
    public async Task<InputFile> UnpackAsync(InputFile file, CancellationToken cancellationToken)
    {
        try
        {
            var (unpacked, _) = await ReadAsync(
                () => CompressedFile.Open(CompressedFile.OpenFile(file), out _), file.Name, cancellationToken).ConfigureAwait(false);
            return unpacked;
        }
        catch (Exception error) when (CompressedFile.DamageOf(file.Name, error) is { } damage)
        {
            throw damage;
        }
    }

    public void Dispose()
    {
        if (Directory.Exists(_folder)) Directory.Delete(_folder, recursive: true);
        _lock.Dispose();
        File.Delete(_lock.Name);
    }

    private static string Copy(Func<Stream> open, string path, CancellationToken cancellationToken)
    {
        using var input = open();
        cancellationToken.ThrowIfCancellationRequested();
        using var output = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.Read | FileShare.Delete, 0);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[BufferBytes];
        for (int read; (read = input.Read(buffer)) > 0;)
        {
            cancellationToken.ThrowIfCancellationRequested();
            hash.AppendData(buffer, 0, read);
            output.Write(buffer, 0, read);
        }

        return Convert.ToHexStringLower(hash.GetCurrentHash());
    }

    private static void RemoveAbandoned(string place)
    {
        foreach (var file in Directory.GetFiles(place, "*" + LockEnding))
        {
            using (var held = TryLock(file))
            {
                if (held is null) continue;
                var folder = file[..^LockEnding.Length];
                if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
            }

            File.Delete(file);
        }
    }

    /// <returns>The lock; null when another process holds it.</returns>
    private static FileStream? TryLock(string file)
    {
        try
        {
            return new(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException error) when (SharingViolation.Is(error))
        {
            return null;
        }
    }
}
