using Dlt.Json;

namespace Dlt.Golden.Harness;

/// <summary>Folders without a driver. Their cases are counted as in their READMEs.</summary>
internal static class OtherFolders
{
    private static readonly string[] CaseAFile = ["dlt/sql-source", "dlt/file-source"];

    public static IEnumerable<GoldenCase> Cases() => CaseAFile.SelectMany(Files).Concat(Clients()).Concat(Sql());

    /// <summary>Unknown folders below DLT_GOLDEN, with their JSON files.</summary>
    public static IEnumerable<(string Folder, string[] Files)> Unknown()
    {
        if (GoldenFolder.Root is not { } root || !Directory.Exists(root)) yield break;
        var folders = Directory.GetDirectories(root).Where(f => Path.GetFileName(f) != "dlt")
            .Concat(Directory.Exists(Path.Combine(root, "dlt")) ? Directory.GetDirectories(Path.Combine(root, "dlt")) : []);
        foreach (
            var name in folders.Select(f => Path.GetRelativePath(root, f).Replace('\\', '/')).Where(n => !GoldenFolder.Names.Contains(n)))
            yield return (
                name,
                    [.. Directory.GetFiles(Path.Combine(root, name), "*.json", SearchOption.AllDirectories)
                    .Select(f => Path.GetRelativePath(Path.Combine(root, name), f))]);
    }

    private static IEnumerable<GoldenCase> Files(string folder) => GoldenFolder.Find(folder) is { } path
        ? Directory.GetFiles(path, "*.json").Order(StringComparer.Ordinal)
            .Select(f => New(folder, "", Path.GetFileNameWithoutExtension(f), JsonValue.EmptyObject))
        : [];

    private static IEnumerable<GoldenCase> Clients() => GoldenFolder.Find("clients") is { } root
        ? Directory.GetFiles(root, "*.json").Order(StringComparer.Ordinal)
            .SelectMany(
                f =>
                    JsonParser.Parse(File.ReadAllBytes(f), f)["cases"]!.Items.Select(
                        c =>
                            New(
                                "clients", Path.GetFileNameWithoutExtension(f),
                                    $"{Path.GetFileNameWithoutExtension(f)}/{c["id"]!.AsString()}", JsonValue.EmptyObject)))
        : [];

    /// <summary>Counts each record as a case.</summary>
    private static IEnumerable<GoldenCase> Sql() => GoldenFolder.Find("sql") is { } root
        ? Directory.GetFiles(root, "*.test").Order(StringComparer.Ordinal)
            .SelectMany(
                f =>
                    File.ReadLines(f).Where(l => l.StartsWith("record ", StringComparison.Ordinal))
                        .Select(l => New("sql", Path.GetFileNameWithoutExtension(f), l["record ".Length..].Trim(), JsonValue.EmptyObject)))
        : [];

    private static GoldenCase New(string folder, string unit, string id, JsonValue input) =>
        new(folder, unit, id, input, static () => JsonValue.EmptyObject);
}
