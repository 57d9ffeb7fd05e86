using System.IO.Enumeration;

namespace Dlt.Storage;

/// <summary>Maps the object keys of one bucket to files in the bucket's folder.</summary>
/// <param name="path">The bucket's folder. It may itself be a link to another disk; links below it are not followed.</param>
internal sealed class BucketFolder(string path)
{
    public string Path { get; } = path;

    public bool Exists => Directory.Exists(Path);

    /// <summary>Returns the file that stores an object; null when the object does not exist.</summary>
    /// <exception cref="ArgumentException">The key cannot name an object, or the path leads through a link.</exception>
    public string? Find(ObjectLocation location)
    {
        var canonical = Canonical(location);
        if (File.Exists(canonical)) return canonical;
        if (File.Exists(canonical + ObjectKeyPath.BesideFolder)) return canonical + ObjectKeyPath.BesideFolder;
        return Unescaped(location.Key) is { } older && File.Exists(older) && IsWrittenSo(older) ? Checked(older, location) : null;
    }

    /// <summary>Returns the file that stores an object, or the file that would store it.</summary>
    public string FindOrCanonical(ObjectLocation location) => Find(location) ?? Canonical(location);

    /// <summary>
    /// Creates the error for a missing object. A folder without read permission hides its files and is reported as a different error.
    /// </summary>
    /// <exception cref="UnauthorizedAccessException">The folder may not be read.</exception>
    public ObjectNotFoundException Missing(ObjectLocation location)
    {
        var path = FindOrCanonical(location);
        try
        {
            File.GetAttributes(path);
        }
        catch (Exception error) when (error is IOException or ArgumentException)
        {
            // The folder does not exist.
        }

        return new(location);
    }

    /// <summary>Returns the file to write an object to, and creates its folders. Call this while holding the bucket's lock.</summary>
    /// <param name="location">Bucket and key of the object.</param>
    /// <param name="changed">Receives the folders in which entries were created, in addition to the file's own folder.</param>
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
    /// Deletes a file and every parent folder that becomes empty, because S3 has no folders. Call this while holding the bucket's lock.
    /// </summary>
    /// <returns>The remaining folder from which an entry was removed; the caller flushes it.</returns>
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
                // Another writer has already deleted the folder.
            }
            catch (IOException)
            {
                break;   // not empty
            }

            folder = System.IO.Path.GetDirectoryName(folder)!;
        }

        return folder;
    }

    /// <summary>Lists the objects whose keys begin with a prefix, together with their files, in no particular order.</summary>
    /// <param name="prefix">Beginning of the keys; empty for all objects.</param>
    /// <param name="onLink">Receives the path of each link that is skipped.</param>
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

    /// <summary>Returns true for symbolic links only: files of cloud drives have reparse points that are not links.</summary>
    private static bool IsLink(ref FileSystemEntry entry, Action<string>? onLink)
    {
        if (!entry.Attributes.HasFlag(FileAttributes.ReparsePoint) || entry.ToFileSystemInfo().LinkTarget is null) return false;
        onLink?.Invoke(entry.ToFullPath());
        return true;
    }

    /// <summary>Returns true when a folder between the bucket's folder and the given one is a link.</summary>
    private bool HasLink(string folder, Action<string>? onLink)
    {
        if (LinkIn(folder) is not { } link) return false;
        onLink?.Invoke(link);
        return true;
    }

    private string Canonical(ObjectLocation location)
    {
        if (ObjectKeyPath.Fault(location.Key) is { } fault)
        {
            throw new ArgumentException(
                $"{location} cannot be an object: the key {fault}. Nothing was read or written. Correct the key or the location.",
                nameof(location));
        }

        return location.Key.Length == 0 ? Path : Checked(System.IO.Path.Combine(Path, ObjectKeyPath.Encode(location.Key)), location);
    }

    private string Checked(string file, ObjectLocation location) => LinkIn(file) is { } link
        ? throw new ArgumentException($"{location} cannot be an object: {link} is a link, which may lead out of the bucket's folder. "
            + "Nothing was read or written. Replace the link by the files it points to.", nameof(location))
        : file;

    /// <summary>
    /// Returns the first link on the path from the bucket's folder to a file or folder below it; null when there is none.
    /// </summary>
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

    /// <summary>
    /// Returns the path that older versions, which did not escape names, used for a key; null when it is the present path or invalid here.
    /// </summary>
    private string? Unescaped(string key)
    {
        if (key.Length == 0 || key.EndsWith('/') || key.Contains("//", StringComparison.Ordinal)
            || (OperatingSystem.IsWindows() && key.AsSpan().ContainsAny("<>:\"|?*\\"))) return null;
        var plain = System.IO.Path.Combine(Path, key.Replace('/', System.IO.Path.DirectorySeparatorChar));
        return plain == System.IO.Path.Combine(Path, ObjectKeyPath.Encode(key)) ? null : plain;
    }

    /// <summary>
    /// Returns true when the path exists in exactly this spelling; case-insensitive disks also find files under other spellings.
    /// </summary>
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
