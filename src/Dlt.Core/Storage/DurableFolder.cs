using Dlt.Storage;
using System.ComponentModel;

namespace Dlt.Internal;

/// <summary>Creates, renames and deletes folders so that the change survives a power cut.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class DurableFolder
{
    /// <summary>Creates a folder and its missing parents, and flushes their names to the disk.</summary>
    /// <exception cref="IOException">The folder cannot be created.</exception>
    public static void Create(string folder)
    {
        var missing = new List<string>();
        for (var at = Path.GetFullPath(folder); !Directory.Exists(at); at = Path.GetDirectoryName(at)!)
        {
            missing.Add(at);
            if (Path.GetDirectoryName(at) is null) break;
        }

        if (missing.Count == 0) return;
        Directory.CreateDirectory(folder);
        foreach (var made in missing)
            if (Path.GetDirectoryName(made) is { } parent) DiskFlush.Folder(parent);
    }

    /// <summary>Flushes the entries of a folder to the disk: files that were created, renamed or deleted in it.</summary>
    /// <exception cref="IOException">The folder does not exist, or the disk did not accept its entries.</exception>
    public static void Flush(string folder) => DiskFlush.Folder(folder);

    /// <summary>Flushes a folder with all files and folders below it, in parallel: a journal commits many files with one write.</summary>
    internal static void FlushTree(string folder)
    {
        Parallel.ForEach(Directory.GetFiles(folder, "*", SearchOption.AllDirectories), DurableFile.Flush);
        Parallel.ForEach(Directory.GetDirectories(folder, "*", SearchOption.AllDirectories)
            .Where(f => Directory.EnumerateFileSystemEntries(f).Any()).Append(folder), DiskFlush.Folder);
    }

    /// <summary>Flushes a folder with its content, renames it, and flushes the new name.</summary>
    internal static void Move(string folder, string target)
    {
        FlushTree(folder);
        Rename(folder, target);
    }

    /// <summary>
    /// Renames a folder as <see cref="Move"/> does, without flushing its content: it is already flushed or no longer needed.
    /// </summary>
    internal static void Rename(string folder, string target)
    {
        Directory.Move(folder, target);
        var (from, to) = (Path.GetDirectoryName(Path.GetFullPath(folder))!, Path.GetDirectoryName(Path.GetFullPath(target))!);
        DiskFlush.Folder(to);
        if (from != to) DiskFlush.Folder(from);
    }

    /// <summary>Deletes a folder with its content. A power cut afterwards does not restore it.</summary>
    internal static void Delete(string folder)
    {
        Directory.Delete(folder, recursive: true);
        DiskFlush.Folder(Path.GetDirectoryName(Path.GetFullPath(folder))!);
    }
}
