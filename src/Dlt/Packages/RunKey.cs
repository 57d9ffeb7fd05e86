using Dlt.Json;

namespace Dlt.Packages;

/// <summary>
/// What the run that extracted a package was for: whoever repeats that run finds it done when the package is loaded. Only .NET writes
/// it.
/// </summary>
internal static class RunKey
{
    private const string File = ".run_key.json";

    /// <summary>A key of two parts.</summary>
    /// <param name="what">What the run is for, such as the names of its files; without a colon.</param>
    /// <param name="content">What that is now, and all that decides on its rows.</param>
    public static string Of(string what, string content) => $"{what}:{content}";

    /// <summary>True for two runs that are for the same, of which one found it changed.</summary>
    public static bool AreForTheSame(string key, string other) =>
        key.Split(':')[0] is { Length: > 0 } what && what == other.Split(':')[0] && key != other;

    public static void Write(LoadPackage package, string key) =>
        package.Write(package.PathOf(File), JsonText.WriteUtf8(JsonValue.String(key)));

    /// <summary>The key; null where the run had none.</summary>
    public static string? Read(LoadPackage package) =>
        System.IO.File.Exists(package.PathOf(File)) ? package.ReadJson(package.PathOf(File)).AsString() : null;

    /// <summary>Hands the key of a package to the one that is made of it.</summary>
    public static void Copy(LoadPackage from, LoadPackage to)
    {
        if (Read(from) is { } key) Write(to, key);
    }
}
