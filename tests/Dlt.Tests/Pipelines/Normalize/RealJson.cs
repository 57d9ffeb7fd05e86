using System.Text.Json;
using Dlt.Tests.Support;

namespace Dlt.Tests.Pipelines.Normalize;

/// <summary>
/// Real-world JSON: answers of the chess API, and the package files of the npm packages that the tests install.
/// </summary>
internal static class RealJson
{
    private static string NodeModules => Path.Combine(Tool.Repository, "tests", "independent", "node_modules");

    public static IEnumerable<string> Files() =>
    [
        .. Directory.GetFiles(Path.Combine(Tool.Repository, "samples", "chess"), "*.json", SearchOption.AllDirectories),
        .. Directory.Exists(NodeModules) ? Directory.GetFiles(NodeModules, "*.json", SearchOption.AllDirectories) : Array.Empty<string>(),
    ];

    /// <summary>Returns the document as one item, or the items of its list.</summary>
    public static List<string> Items(string file)
    {
        using var document = JsonDocument.Parse(File.ReadAllText(file));
        return document.RootElement.ValueKind == JsonValueKind.Array
            ? [.. document.RootElement.EnumerateArray().Select(e => e.GetRawText())]
            : [document.RootElement.GetRawText()];
    }
}
