using Dlt.Golden.Harness;
using Dlt.Json;

namespace Dlt.Golden.Athena;

/// <summary>The cases of dlt-athena (README there): scenarios in <c>statements*</c> and datasets in <c>frozen</c>.</summary>
internal static class AthenaCase
{
    public const string Folder = "dlt-athena";
    public const string Frozen = "frozen";

    private static readonly Version Followed = new(1, 31, 0);

    private static readonly string[] Statements = ["statements", "statements-1.26"];

    public static bool Is(GoldenCase golden) => golden.Folder == Folder;

    /// <summary>True for a scenario: runs and their end state.</summary>
    public static bool IsScenario(GoldenCase golden) => Is(golden) && golden.Unit is not (Frozen or DdlCase.Unit or MergeCase.Unit);

    /// <summary>True for a case that an older dlt made than the one that is followed here: its schemas have other hashes.</summary>
    public static bool IsOlder(GoldenCase golden) => Version.Parse(golden["made_by"]!["dlt"]!.AsString()) < Followed;

    /// <summary>True when a server of the lab broke down under a call of dlt, which says nothing about dlt.</summary>
    public static bool HasBrokenLab(GoldenCase golden) => golden.Expected["runs"]!.Items.SelectMany(r => r["exception"]?.Items ?? [])
        .Any(e => e["message"]!.AsString().Contains("500 Internal Server Error", StringComparison.Ordinal));

    public static bool HasFaults(GoldenCase golden) => golden["runs"]!.Items.Any(r => r["faults"] is not null);

    public static IEnumerable<GoldenCase> All() => Scenarios().Concat(FrozenDataset.Cases()).Concat(DdlCase.All()).Concat(MergeCase.All());

    public static IEnumerable<GoldenCase> Scenarios()
    {
        if (GoldenFolder.Find(Folder) is not { } root) yield break;
        foreach (var group in Statements.Where(g => Directory.Exists(Path.Combine(root, g))))
            foreach (var file in Directory.GetFiles(Path.Combine(root, group), "*.json").Order(StringComparer.Ordinal))
                yield return Scenario(root, group, Path.GetFileNameWithoutExtension(file));
    }

    public static GoldenCase Load(string id)
    {
        var parts = id.Split('/');
        return Scenario(GoldenFolder.Find(Folder)!, parts[0], parts[1]);
    }

    /// <summary>All calls of a scenario's runs.</summary>
    public static IEnumerable<JsonValue> Calls(GoldenCase scenario) => Runs(scenario).SelectMany(r => r["calls"]!.Items);

    /// <summary>What dlt did in the runs of a scenario, or in the next run of a frozen dataset.</summary>
    public static IEnumerable<JsonValue> Runs(GoldenCase golden)
    {
        var id = golden.Unit == Frozen ? golden.Id.Insert(golden.Id.LastIndexOf('/'), "/next") : golden.Id;
        var file = Path.Combine(GoldenFolder.Find(Folder)!, id + ".json");
        return JsonParser.Parse(File.ReadAllBytes(file), file)["runs"]!.Items;
    }

    private static GoldenCase Scenario(string root, string group, string name)
    {
        var file = Path.Combine(root, group, name + ".json");
        var json = JsonParser.Parse(File.ReadAllBytes(file), file);
        var given = json["given"] ?? JsonValue.EmptyObject;
        return new(
            Folder, group, $"{group}/{name}",
            JsonValue.Object(
                ("name", json["scenario"]!), ("made_by", json["made_by"]!), ("given", given),
                ("runs", JsonValue.Array([.. json["runs"]!.Items.Select(r => r["given"]!)]))),
            () => Expected(json));
    }

    /// <summary>The outcomes of the runs, the end state and the values of its placeholders.</summary>
    public static JsonValue Expected(JsonValue json) => JsonValue.Object(
        ("runs", JsonValue.Array([.. json["runs"]!.Items.Select(Outcome)])),
        ("end_state", json["end_state"]!), ("bindings", json["bindings"] ?? JsonValue.EmptyObject));

    private static JsonValue Outcome(JsonValue run) => JsonValue.Object(
        run.Members.Where(m => m.Key is "outcome" or "exception" or "counts" or "reads"));
}
