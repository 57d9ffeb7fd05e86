using System.Collections.Concurrent;
using Dlt.Json;
using Xunit;

namespace Dlt.Golden.Units;

/// <summary>One file of dlt/units: cases by id.</summary>
internal static class UnitFile
{
    public const string Folder = "dlt/units";

    private static readonly ConcurrentDictionary<string, Dictionary<string, JsonValue>> Files = new();

    /// <summary>Ids of the cases of one kind, as theory data; kind null is for files without kinds.</summary>
    public static TheoryData<string> Ids(string file, params string?[] kinds) => Ids(file, c => kinds.Contains(c["kind"]?.AsString()));

    public static TheoryData<string> Ids(string file, Func<JsonValue, bool> isDriven)
    {
        var data = new TheoryData<string>();
        foreach (var (id, testCase) in Load(file))
            if (isDriven(testCase)) data.Add(id);
        return data;
    }

    public static void Run(string file, string id, Action<JsonValue> test) => Tally.Run(Folder, id, () => test(Load(file)[id]));

    private static Dictionary<string, JsonValue> Load(string file) => Files.GetOrAdd(file, static name =>
    {
        if (GoldenFolder.Find(Folder) is not { } folder) return [];
        var path = Path.Combine(folder, name + ".json");
        if (!File.Exists(path)) return [];
        return JsonParser.Parse(File.ReadAllBytes(path), path).Items.ToDictionary(c => c["id"]!.AsString());
    });
}
