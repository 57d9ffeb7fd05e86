using System.ComponentModel;

namespace Dlt.Internal;

/// <summary>Checks that a name is valid as one part of a path on every platform.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class FileNameComponent
{
    private static readonly string[] Reserved =
    [
        "CON", "PRN", "AUX", "NUL", "COM1", "COM2", "COM3", "COM4", "COM5", "COM6", "COM7", "COM8", "COM9",
        "LPT1", "LPT2", "LPT3", "LPT4", "LPT5", "LPT6", "LPT7", "LPT8", "LPT9",
    ];

    /// <summary>Checks a name that becomes one part of an object key. It may contain characters that file names cannot contain.</summary>
    /// <param name="name">Name to check.</param>
    /// <param name="what">Kind of the name for the message, such as <c>dataset name</c>.</param>
    /// <exception cref="ArgumentException">The name is empty, <c>.</c> or <c>..</c>, or contains a slash or a control
    /// character.</exception>
    public static void CheckPathPart(string name, string what)
    {
        if (name is "" or "." or "..")
            throw new ArgumentException($"The {what} '{name}' cannot be a folder. Nothing was run. Rename it.", nameof(name));
        var at = name.AsSpan().IndexOfAny('/', '\\');
        if (at < 0) at = name.AsSpan().IndexOfAnyInRange('\0', '\x1F');
        if (at < 0) return;
        throw new ArgumentException(
            $"The {what} '{name}' has the character '{name[at]}', which a single folder name cannot contain. Nothing was run. Rename it.",
            nameof(name));
    }

    /// <summary>Checks a name that becomes the name of a file or folder.</summary>
    /// <param name="name">Name to check.</param>
    /// <param name="what">Kind of the name for the message, such as <c>pipeline name</c>.</param>
    /// <exception cref="ArgumentException">The name is empty or reserved, or contains a character that paths or job files cannot
    /// contain.</exception>
    public static void Check(string name, string what)
    {
        if (name.Length == 0) throw new ArgumentException($"The {what} is empty.", nameof(name));
        var at = name.AsSpan().IndexOfAny(".%{}<>:\"/\\|?*");
        if (at < 0) at = name.AsSpan().IndexOfAnyInRange('\0', '\x1F');
        if (at >= 0)
        {
            throw new ArgumentException(
                $"The {what} '{name}' has the character '{name[at]}', which file names cannot contain. Rename it.", nameof(name));
        }

        if (Reserved.Contains(name.ToUpperInvariant()))
            throw new ArgumentException($"The {what} '{name}' is reserved by some platforms. Rename it.", nameof(name));
    }
}
