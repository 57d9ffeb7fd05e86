using Dlt.Golden.Harness;
using Dlt.Json;

namespace Dlt.Golden.Athena;

/// <summary>The datasets of dlt-athena that Python dlt left behind (README there, "frozen").</summary>
internal static class FrozenDataset
{
    /// <summary>Every table is read as it is.</summary>
    public const string Read = "read";

    /// <summary>An empty machine restores state and schemas.</summary>
    public const string Restore = "restore";

    private static readonly string[] Ways = ["local", "fresh", "newest_local", "newest_fresh"];

    /// <summary>True for the next run.</summary>
    public static bool IsNext(GoldenCase golden) => golden["check"]!.AsString() is not (Read or Restore);

    /// <summary>True when the next run keeps the working folder.</summary>
    public static bool KeepsFolder(GoldenCase golden) => golden["check"]!.AsString().EndsWith("local", StringComparison.Ordinal);

    public static IEnumerable<GoldenCase> Cases()
    {
        if (GoldenFolder.Find(AthenaCase.Folder) is not { } root) yield break;
        var frozen = Path.Combine(root, AthenaCase.Frozen);
        if (!Directory.Exists(frozen)) yield break;
        foreach (var folder in Directory.GetDirectories(frozen).Order(StringComparer.Ordinal))
        {
            var name = Path.GetFileName(folder);
            foreach (var check in Checks(folder)) yield return Load(name, check);
        }
    }

    public static GoldenCase Load(string id) =>
        id.Split('/') is [_, var name, var check] ? Load(name, check) : throw new FormatException(id);

    private static GoldenCase Load(string name, string check)
    {
        var folder = FolderOf(name);
        var made = Json(Path.Combine(folder, "pipeline.json"));
        return new(
            AthenaCase.Folder, AthenaCase.Frozen, $"{AthenaCase.Frozen}/{name}/{check}",
            JsonValue.Object(
                ("name", made["name"]!), ("check", JsonValue.String(check)), ("folder", JsonValue.String(folder)),
                ("made_by", made["made_by"]!),
                ("given", JsonValue.Object(made.Members.Where(m => m.Key is "destination" or "staging" or "pipeline" or "env"))),
                ("runs", JsonValue.Array(Ways.Contains(check) ? [made["next"]!] : []))),
            () => Ways.Contains(check)
                ? AthenaCase.Expected(Json(Path.Combine(folder, "next", check + ".json")))
                : Json(Path.Combine(folder, "expected.json")));
    }

    /// <summary>The checks of a dataset. Where a newer dlt has gone on too, that is the one to follow.</summary>
    private static IEnumerable<string> Checks(string folder)
    {
        var ways = Ways.Where(w => File.Exists(Path.Combine(folder, "next", w + ".json"))).ToList();
        var followed = ways.Where(w => !ways.Contains("newest_" + w)).ToList();
        return [Read, Restore, .. followed];
    }

    private static string FolderOf(string name) =>
        Path.Combine(GoldenFolder.Find(AthenaCase.Folder)!, AthenaCase.Frozen, name);

    private static JsonValue Json(string file) => JsonParser.Parse(File.ReadAllBytes(file), file);
}
