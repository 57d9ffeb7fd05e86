using System.Text;

namespace Dlt.Storage;

/// <summary>
/// Keys of objects as paths below the folder of their bucket, and back. It is the one place where a key becomes a path: no path leaves the
/// folder, whatever the key is.
/// </summary>
/// <remarks>
/// Each part of a key between slashes is a <see cref="DiskName"/>; one that is longer than a disk takes goes on in folders, <c>&lt;first
/// bytes&gt;%+/&lt;the rest&gt;</c>.
/// An object whose key is the folder of other keys too (<c>a</c> beside <c>a/b</c>) has <see cref="BesideFolder"/> at the end of its file's
/// name.
/// </remarks>
internal static class ObjectKeyPath
{
    /// <summary>What the file of <c>a</c> has behind its name where <c>a/b</c> is an object too.</summary>
    public const string BesideFolder = "%file";

    private const string GoesOn = "%+";
    private const int MaxKeyBytes = 1024;
    private const int MaxNameBytes = 235;   // of 255, less the endings above and what the end of a name adds

    /// <summary>Why there can be no object under a key; null when there can.</summary>
    public static string? Fault(string key)
    {
        if (key.StartsWith('/')) return "begins with a slash";
        if (key.Contains('\0', StringComparison.Ordinal)) return "has a character NUL";
        if (key.Split('/').Any(part => part is "." or "..")) return "has a part '.' or '..'";
        if (HasLoneSurrogate(key)) return "has half of a character (a lone surrogate)";
        return Encoding.UTF8.GetByteCount(key) > MaxKeyBytes ? $"is longer than the {MaxKeyBytes} bytes that S3 allows" : null;
    }

    /// <summary>The path, with the separators of this system.</summary>
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
    /// The key of a file. A path that no key has by itself was written before names were escaped, or by hand: it is its own key.
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
