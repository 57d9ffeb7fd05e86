using Dlt.Destinations;
using Dlt.Json;

namespace Dlt.Packages;

/// <summary>
/// Where the run that extracted a package was to load it (<see cref="IDestinationClient.Location"/>): projects of one user share working
/// folders, but not buckets. Only .NET writes it.
/// </summary>
internal static class PackagePlace
{
    private const string File = ".location.json";

    public static void Write(LoadPackage package, string location) =>
        package.Write(package.PathOf(File), JsonText.WriteUtf8(JsonValue.String(location)));

    /// <summary>The place; null where nobody noted it.</summary>
    public static string? Read(LoadPackage package) =>
        System.IO.File.Exists(package.PathOf(File)) ? package.ReadJson(package.PathOf(File)).AsString() : null;

    /// <summary>Hands the place of a package to the one that is made of it.</summary>
    public static void Copy(LoadPackage from, LoadPackage to)
    {
        if (Read(from) is { } location) Write(to, location);
    }
}
