using Dlt.Json;
using Dlt.Packages;

namespace Dlt;

/// <summary>
/// What a run is for, kept in its package: who repeats a run that was stopped finds it done when the package is loaded, so no row is
/// loaded twice.
/// </summary>
/// <param name="Subject">What the run is for, such as the names of its files and their table; without a colon. Empty where nothing
/// else is for the same.</param>
/// <param name="Content">What that holds now, and all that decides on its rows.</param>
public sealed record RunKey(string Subject, string Content)
{
    private const string File = ".run_key.json";   // only .NET writes it

    /// <summary>The two parts with a colon between them.</summary>
    public override string ToString() => $"{Subject}:{Content}";

    /// <summary>True for two runs that are for the same, of which one found it changed.</summary>
    internal bool IsForTheSame(RunKey other) => Subject.Length > 0 && Subject == other.Subject && this != other;

    internal static void Write(LoadPackage package, RunKey key) =>
        package.Write(package.PathOf(File), JsonText.WriteUtf8(JsonValue.String(key.ToString())));

    /// <summary>The key; null where the run had none.</summary>
    internal static RunKey? Read(LoadPackage package)
    {
        if (!System.IO.File.Exists(package.PathOf(File))) return null;
        var text = package.ReadJson(package.PathOf(File)).AsString();
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        return colon < 0 ? new("", text) : new(text[..colon], text[(colon + 1)..]);
    }

    /// <summary>Gives the key of a package to the one that is made of it.</summary>
    internal static void Copy(LoadPackage from, LoadPackage to)
    {
        if (Read(from) is { } key) Write(to, key);
    }
}
