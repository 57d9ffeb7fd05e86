namespace Dlt.Packages;

/// <summary>Checks that a name can be one part of a path on every platform (docs/spec/pipeline.md 0.4).</summary>
public static class FileNameComponent
{
    private static readonly string[] Reserved =
    [
        "CON", "PRN", "AUX", "NUL", "COM1", "COM2", "COM3", "COM4", "COM5", "COM6", "COM7", "COM8", "COM9",
        "LPT1", "LPT2", "LPT3", "LPT4", "LPT5", "LPT6", "LPT7", "LPT8", "LPT9",
    ];

    /// <summary>Checks a name that becomes one part of an object's key: it may have characters that file names cannot have.</summary>
    /// <param name="name">The name.</param>
    /// <param name="what">What it names, for the message, such as <c>dataset name</c>.</param>
    /// <exception cref="ArgumentException">The name is empty, is a step up, or has a slash or a control character.</exception>
    public static void CheckPathPart(string name, string what)
    {
        if (name is "" or "." or "..")
            throw new ArgumentException($"The {what} '{name}' cannot be a folder. Nothing was run. Rename it.", nameof(name));
        var at = name.AsSpan().IndexOfAny('/', '\\');
        if (at < 0) at = name.AsSpan().IndexOfAnyInRange('\0', '\x1F');
        if (at >= 0) throw new ArgumentException($"The {what} '{name}' has the character '{name[at]}', which would make folders of "
            + "it. Nothing was run. Rename it.", nameof(name));
    }

    /// <summary>Checks a name that becomes the name of a file or folder.</summary>
    /// <param name="name">The name.</param>
    /// <param name="what">What it names, for the message, such as <c>pipeline name</c>.</param>
    /// <exception cref="ArgumentException">The name is empty, reserved, or has a character that paths or job files cannot hold.</exception>
    public static void Check(string name, string what)
    {
        if (name.Length == 0) throw new ArgumentException($"The {what} is empty.", nameof(name));
        var at = name.AsSpan().IndexOfAny(".%{}<>:\"/\\|?*");
        if (at < 0) at = name.AsSpan().IndexOfAnyInRange('\0', '\x1F');
        if (at >= 0) throw new ArgumentException($"The {what} '{name}' has the character '{name[at]}', which file names cannot hold. "
            + "Rename it.", nameof(name));
        if (Reserved.Contains(name.ToUpperInvariant())) throw new ArgumentException($"The {what} '{name}' is reserved by some "
            + "platforms. Rename it.", nameof(name));
    }
}
