using Dlt.Tests.Support;

namespace Dlt.Tests.House;

/// <summary>The C# files of the repository.</summary>
internal static class HouseFiles
{
    private static readonly string[] Folders = ["src", "tests", "bench", "samples", "eng"];

    /// <summary>Path from the root of the repository, with slashes.</summary>
    public static IEnumerable<string> All() => Folders
        .SelectMany(folder => Directory.EnumerateFiles(Path.Combine(Tool.Repository, folder), "*.cs", SearchOption.AllDirectories))
        .Select(path => Path.GetRelativePath(Tool.Repository, path).Replace('\\', '/'))
        .Where(path => !path.Split('/').Any(part => part is "bin" or "obj" or "node_modules"))
        .Order(StringComparer.Ordinal);

    public static string Read(string path) => File.ReadAllText(Path.Combine(Tool.Repository, path));
}
