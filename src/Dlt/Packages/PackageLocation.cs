using Dlt.Destinations;

namespace Dlt.Packages;

/// <summary>
/// Stores the location that a package is to be loaded into (<see cref="IDestinationClient.Location"/>). Projects of one user share working
/// folders, but not buckets. Only .NET writes it.
/// </summary>
internal static class PackageLocation
{
    private const string File = ".location.json";

    public static void Write(LoadPackage package, string location) =>
        package.Write(package.PathOf(File), JsonText.WriteUtf8(JsonValue.String(location)));

    /// <summary>Reads the location; null when none was stored.</summary>
    public static string? Read(LoadPackage package) =>
        System.IO.File.Exists(package.PathOf(File)) ? package.ReadJson(package.PathOf(File)).AsString() : null;

    /// <summary>Copies the location of a package to the one that is made from it.</summary>
    public static void Copy(LoadPackage from, LoadPackage to)
    {
        if (Read(from) is { } location) Write(to, location);
    }
}
