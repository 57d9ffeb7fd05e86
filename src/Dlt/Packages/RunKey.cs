using Dlt.Json;

namespace Dlt.Packages;

/// <summary>
/// What the run that extracted a package was for: whoever repeats that run finds it done when the package is loaded. Only .NET writes
/// it.
/// </summary>
internal static class RunKey
{
    private const string File = ".run_key.json";

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
