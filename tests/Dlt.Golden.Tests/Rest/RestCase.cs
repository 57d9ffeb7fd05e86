using Dlt.Golden.Harness;
using Dlt.Json;

namespace Dlt.Golden.Rest;

/// <summary>The cases of dlt/rest: a file each (README).</summary>
internal static class RestCase
{
    public const string Folder = "dlt/rest";

    public static IEnumerable<GoldenCase> All() => GoldenFolder.Find(Folder) is { } path
        ? Directory.GetFiles(path, "*.json").Order(StringComparer.Ordinal).Select(f => Load(Path.GetFileNameWithoutExtension(f)))
        : [];

    /// <summary>The whole file goes in; its runs are the expectation.</summary>
    public static GoldenCase Load(string id)
    {
        var path = Path.Combine(GoldenFolder.Find(Folder)!, id + ".json");
        var golden = JsonParser.Parse(File.ReadAllBytes(path), path);
        return RestDifference.Stricter(new(Folder, "", id, golden.Without("runs"), () => golden["runs"]!));
    }
}
