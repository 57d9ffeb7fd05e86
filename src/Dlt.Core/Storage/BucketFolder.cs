using System.IO.Enumeration;

namespace Dlt.Storage;

/// <summary>The files of one bucket: where the object of a key is, and where a new one goes.</summary>
/// <param name="path">The bucket's folder; it may be a link to another disk. Links below it are not followed.</param>
internal sealed class BucketFolder(string path)
{
    public string Path { get; } = path;

    public bool Exists => Directory.Exists(Path);

    /// <summary>The file of an object; null when there is none.</summary>
    /// <exception cref="ArgumentException">There can be no such object, or a link leads away.</exception>
    public string? Find(ObjectLocation location)
    {
        var canonical = Canonical(location);
        if (File.Exists(canonical)) return canonical;
        if (File.Exists(canonical + ObjectKeyPath.BesideFolder)) return canonical + ObjectKeyPath.BesideFolder;
        return Unescaped(location.Key) is { } older && File.Exists(older) && IsWrittenSo(older) ? Checked(older, location) : null;
    }

    /// <summary>Where the file of an object is, or would be.</summary>
    public string FindOrCanonical(ObjectLocation location) => Find(location) ?? Canonical(location);

    /// <summary>Where the file of an object is to be written; makes its folders. Called while the bucket's lock is held.</summary>
    /// <param name="location">The object.</param>
    /// <param name="changed">Gets the folders in which names were made, beside the file's own.</param>
    public string Prepare(ObjectLocation location, ICollection<string> changed)
    {
        if (Find(location) is { } present) return present;
        var target = Canonical(location);
        var folder = Path;
        foreach (var name in System.IO.Path.GetRelativePath(Path, target).Split(System.IO.Path.DirectorySeparatorChar)[..^1])
        {
            var parent = folder;
            folder = System.IO.Path.Combine(folder, name);
            if (Directory.Exists(folder)) continue;
            if (File.Exists(folder)) File.Move(folder, folder + ObjectKeyPath.BesideFolder);   // "a" becomes the folder of "a/b"
            Directory.CreateDirectory(folder);
            changed.Add(parent);
        }

        return Directory.Exists(target) ? target + ObjectKeyPath.BesideFolder : target;
    }

    /// <summary>
    /// Removes a file and the folders that it leaves empty: S3 has no folders, so none outlives its last object. Called while the bucket's
    /// lock is held.
    /// </summary>
    /// <returns>The folder that is left, and lacks a name now.</returns>
    public string Remove(string file)
    {
        File.Delete(file);
        var folder = System.IO.Path.GetDirectoryName(file)!;
        while (folder.Length > Path.Length)
        {
            try
            {
                Directory.Delete(folder);
            }
            catch (DirectoryNotFoundException)
            {
                // Gone already.
            }
            catch (IOException)
            {
                break;   // not empty
            }

            folder = System.IO.Path.GetDirectoryName(folder)!;
        }

        return folder;
    }

    /// <summary>The objects whose keys begin with a prefix, with their files, in no order.</summary>
    /// <param name="prefix">What the keys begin with; empty for all.</param>
    /// <param name="onLink">Gets the path of each link that is not followed.</param>
    public IEnumerable<(string Key, string File)> List(string prefix, Action<string>? onLink = null)
    {
        var below = prefix.Contains('/', StringComparison.Ordinal) ? prefix[..prefix.LastIndexOf('/')] : "";
        if (prefix.StartsWith('/') || ObjectKeyPath.Fault(below) is not null) return [];   // no key begins so
        List<string> folders = [below.Length == 0 ? Path : System.IO.Path.Combine(Path, ObjectKeyPath.Encode(below))];
        if (below.Length > 0 && Unescaped(below) is { } older && IsWrittenSo(older)) folders.Add(older);
        return folders.Where(f => Directory.Exists(f) && !HasLink(f, onLink)).SelectMany(f => Files(f, onLink))
            .Select(file => (Key: ObjectKeyPath.Decode(System.IO.Path.GetRelativePath(Path, file)), File: file))
            .Where(o => o.Key.StartsWith(prefix, StringComparison.Ordinal))
            .DistinctBy(o => o.Key, StringComparer.Ordinal);
    }

    private static IEnumerable<string> Files(string folder, Action<string>? onLink)
    {
        var options = new EnumerationOptions { RecurseSubdirectories = true, IgnoreInaccessible = false, AttributesToSkip = 0 };
        try
        {
            return new FileSystemEnumerable<string>(folder, (ref FileSystemEntry entry) => entry.ToFullPath(), options)
            {
                ShouldIncludePredicate = (ref FileSystemEntry entry) => !entry.IsDirectory && !IsLink(ref entry, onLink),
                ShouldRecursePredicate = (ref FileSystemEntry entry) => !IsLink(ref entry, onLink),
            };
        }
        catch (DirectoryNotFoundException)
        {
            return [];   // its last object was deleted just now
        }
    }

    /// <summary>Disks that are kept elsewhere (in a cloud) have reparse points that are no links.</summary>
    private static bool IsLink(ref FileSystemEntry entry, Action<string>? onLink)
    {
        if (!entry.Attributes.HasFlag(FileAttributes.ReparsePoint) || entry.ToFileSystemInfo().LinkTarget is null) return false;
        onLink?.Invoke(entry.ToFullPath());
        return true;
    }

    /// <summary>True when a link is on the way from the bucket's folder to a folder below it.</summary>
    private bool HasLink(string folder, Action<string>? onLink)
    {
        if (LinkIn(folder) is not { } link) return false;
        onLink?.Invoke(link);
        return true;
    }

    private string Canonical(ObjectLocation location)
    {
        if (ObjectKeyPath.Fault(location.Key) is { } fault) throw new ArgumentException($"{location} cannot be an object: the key "
            + $"{fault}. Nothing was read or written. Correct the key or the location.", nameof(location));
        return location.Key.Length == 0 ? Path : Checked(System.IO.Path.Combine(Path, ObjectKeyPath.Encode(location.Key)), location);
    }

    private string Checked(string file, ObjectLocation location) => LinkIn(file) is { } link
        ? throw new ArgumentException($"{location} cannot be an object: {link} is a link, which may lead out of the bucket's folder. "
            + "Nothing was read or written. Put the files there in place of the link.", nameof(location))
        : file;

    /// <summary>The first link on the way from the bucket's folder to a path below it.</summary>
    private string? LinkIn(string path)
    {
        for (var end = Path.Length + 1; end <= path.Length; end++)
        {
            if (end < path.Length && path[end] != System.IO.Path.DirectorySeparatorChar) continue;
            var part = path[..end];
            if (new FileInfo(part).LinkTarget is not null) return part;
            if (!System.IO.Path.Exists(part)) return null;
        }

        return null;
    }

    /// <summary>Where a key lay before names were escaped; null when that is where it lies now, or nowhere on this system.</summary>
    private string? Unescaped(string key)
    {
        if (key.Length == 0 || key.EndsWith('/') || key.Contains("//", StringComparison.Ordinal)
            || (OperatingSystem.IsWindows() && key.AsSpan().ContainsAny("<>:\"|?*\\"))) return null;
        var plain = System.IO.Path.Combine(Path, key.Replace('/', System.IO.Path.DirectorySeparatorChar));
        return plain == System.IO.Path.Combine(Path, ObjectKeyPath.Encode(key)) ? null : plain;
    }

    /// <summary>True when the disk has the path in this very spelling: some disks answer to another one too.</summary>
    private bool IsWrittenSo(string path)
    {
        var folder = Path;
        foreach (var name in System.IO.Path.GetRelativePath(Path, path).Split(System.IO.Path.DirectorySeparatorChar))
        {
            if (!Directory.Exists(folder) || !Directory.EnumerateFileSystemEntries(folder).Any(e => System.IO.Path.GetFileName(e) == name))
                return false;
            folder = System.IO.Path.Combine(folder, name);
        }

        return true;
    }
}
