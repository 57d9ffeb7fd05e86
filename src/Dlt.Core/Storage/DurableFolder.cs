namespace Dlt.Storage;

/// <summary>
/// Makes and changes folders that survive a power cut with all that lies in them.
/// </summary>
public static class DurableFolder
{
    /// <summary>Makes a folder and the missing ones above it, and waits until the disk has their names.</summary>
    /// <exception cref="IOException">The folder cannot be made.</exception>
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

    /// <summary>Waits until the disk has the names in a folder: files that were made, renamed or deleted there.</summary>
    /// <exception cref="IOException">The folder is gone, or the disk could not take its names.</exception>
    public static void Flush(string folder) => DiskFlush.Folder(folder);

    /// <summary>
    /// Flushes all files and folders below a folder, and itself. Side by side: a journal takes many files with one write.
    /// </summary>
    internal static void FlushTree(string folder)
    {
        Parallel.ForEach(Directory.GetFiles(folder, "*", SearchOption.AllDirectories), DurableFile.Flush);
        Parallel.ForEach(Directory.GetDirectories(folder, "*", SearchOption.AllDirectories)
            .Where(f => Directory.EnumerateFileSystemEntries(f).Any()).Append(folder), DiskFlush.Folder);
    }

    /// <summary>Gives a folder its new name once all of it is on the disk, and returns when the name is there too.</summary>
    internal static void Move(string folder, string target)
    {
        FlushTree(folder);
        Rename(folder, target);
    }

    /// <summary>As <see cref="Move"/>, for a folder whose files were flushed before, or count for nothing more.</summary>
    internal static void Rename(string folder, string target)
    {
        Directory.Move(folder, target);
        var (from, to) = (Path.GetDirectoryName(Path.GetFullPath(folder))!, Path.GetDirectoryName(Path.GetFullPath(target))!);
        DiskFlush.Folder(to);
        if (from != to) DiskFlush.Folder(from);
    }

    /// <summary>Deletes a folder with all that it holds; a power cut afterwards does not bring it back.</summary>
    internal static void Delete(string folder)
    {
        Directory.Delete(folder, recursive: true);
        DiskFlush.Folder(Path.GetDirectoryName(Path.GetFullPath(folder))!);
    }
}
