using System.Text;

namespace Dlt.Storage;

/// <summary>
/// Converts object keys to paths below the bucket's folder, and back. Every key becomes a path here, and no path leaves the folder.
/// </summary>
/// <remarks>
/// Each part of a key between slashes is encoded by <see cref="DiskName"/>; a part that is too long for a disk is split into folders,
/// <c>&lt;first bytes&gt;%+/&lt;the rest&gt;</c>. When a key is also the folder of other keys (<c>a</c> and <c>a/b</c>),
/// <see cref="BesideFolder"/> is appended to the name of its file.
/// </remarks>
internal static class ObjectKeyPath
{
    /// <summary>Suffix of the file of <c>a</c> when <c>a/b</c> is also an object.</summary>
    public const string BesideFolder = "%file";

    private const string GoesOn = "%+";
    private const int MaxKeyBytes = 1024;
    private const int MaxNameBytes = 235;   // the limit of 255, less the suffixes above and escapes at the end of a name

    /// <summary>Returns why no object can have a key, as the end of a sentence; null when the key is valid.</summary>
    public static string? Fault(string key)
    {
        if (key.StartsWith('/')) return "begins with a slash";
        if (key.Contains('\0', StringComparison.Ordinal)) return "has a character NUL";
        if (key.Split('/').Any(part => part is "." or "..")) return "has a part '.' or '..'";
        if (HasLoneSurrogate(key)) return "has half of a character (a lone surrogate)";
        return Encoding.UTF8.GetByteCount(key) > MaxKeyBytes ? $"is longer than the {MaxKeyBytes} bytes that S3 allows" : null;
    }

    /// <summary>Returns the relative path of a key, with the separators of this system.</summary>
    public static string Encode(string key)
    {
        var names = new List<string>();
        foreach (var part in key.Split('/'))
        {
            var pieces = DiskName.EncodeParts(part, MaxNameBytes);
            names.AddRange(pieces[..^1].Select(p => p + GoesOn));
            names.Add(pieces[^1]);
        }

        return string.Join(Path.DirectorySeparatorChar, names);
    }

    /// <summary>
    /// Returns the key of a file. A path that <see cref="Encode"/> never returns was written by hand or by an older version; it is its own
    /// key.
    /// </summary>
    public static string Decode(string path)
    {
        var own = path.Replace(Path.DirectorySeparatorChar, '/');
        if (!own.Contains('%', StringComparison.Ordinal)) return own;
        var parts = new List<string>();
        var begun = "";
        var names = (own.EndsWith(BesideFolder, StringComparison.Ordinal) ? own[..^BesideFolder.Length] : own).Split('/');
        foreach (var name in names)
        {
            var goesOn = name.EndsWith(GoesOn, StringComparison.Ordinal);
            if (DiskName.Decode(goesOn ? name[..^GoesOn.Length] : name) is not { } part) return own;
            begun += part;
            if (goesOn) continue;
            parts.Add(begun);
            begun = "";
        }

        var key = string.Join('/', parts);
        return begun.Length == 0 && Encode(key) == string.Join(Path.DirectorySeparatorChar, names) ? key : own;
    }

    private static bool HasLoneSurrogate(string key)
    {
        for (var i = 0; i < key.Length; i++)
        {
            if (!char.IsSurrogate(key[i])) continue;
            if (i + 1 >= key.Length || !char.IsSurrogatePair(key[i], key[i + 1])) return true;
            i++;
        }

        return false;
    }
}
