using System.ComponentModel;
using Dlt.Packages;

namespace Dlt.Internal;

/// <summary>
/// Identifies the data that a run loads, and is stored in its package. A caller that repeats a stopped run finds the loaded package by its
/// key, so no row is loaded twice.
/// </summary>
/// <param name="Subject">
/// Subject of the run, such as the names of its files and their table; without a colon. Empty when no other run has the same subject.
/// </param>
/// <param name="Content">Content of the subject now, and all settings that affect its rows; any text, such as a hash.</param>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed record RunKey(string Subject, string Content)
{
    private const string File = ".run_key.json";   // only .NET writes it

    /// <summary>The subject and the content, with a colon between them.</summary>
    public override string ToString() => $"{Subject}:{Content}";

    /// <summary>True for two runs with the same subject and different content.</summary>
    internal bool IsForTheSame(RunKey other) => Subject.Length > 0 && Subject == other.Subject && this != other;

    internal static void Write(LoadPackage package, RunKey key) =>
        package.Write(package.PathOf(File), JsonText.WriteUtf8(JsonValue.String(key.ToString())));

    /// <summary>Reads the key of a package; null when its run had none.</summary>
    internal static RunKey? Read(LoadPackage package)
    {
        if (!System.IO.File.Exists(package.PathOf(File))) return null;
        var text = package.ReadJson(package.PathOf(File)).AsString();
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        return colon < 0 ? new("", text) : new(text[..colon], text[(colon + 1)..]);
    }

    /// <summary>Copies the key of a package to the one that is made from it.</summary>
    internal static void Copy(LoadPackage from, LoadPackage to)
    {
        if (Read(from) is { } key) Write(to, key);
    }
}
