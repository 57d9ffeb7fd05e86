using System.Collections.Concurrent;
using Dlt.Golden.Harness;
using Dlt.Json;
using Xunit;

namespace Dlt.Golden.Units;

/// <summary>The files of dlt/units: cases by id.</summary>
internal static class UnitFile
{
    public const string Folder = "dlt/units";

    /// <summary>The file of cases that only Python can run.</summary>
    public const string NotPortable = "not-portable";

    private static readonly ConcurrentDictionary<string, Dictionary<string, GoldenCase>> Files = new();

    /// <summary>Names of the files, without their extension.</summary>
    public static IEnumerable<string> Names =>
        GoldenFolder.Find(Folder) is { } folder
            ? Directory.GetFiles(folder, "*.json").Select(f => Path.GetFileNameWithoutExtension(f)).Order(StringComparer.Ordinal) : [];

    public static IEnumerable<GoldenCase> Cases(string file) => Load(file).Values;

    /// <summary>Ids of the cases of some kinds, as theory data; the empty kind is for cases without one.</summary>
    public static TheoryData<string> Ids(string file, params string[] kinds) => Ids(file, c => kinds.Contains(c.Kind));

    public static TheoryData<string> Ids(string file, Func<GoldenCase, bool> isOfTest) => Judge.Ids(Cases(file).Where(isOfTest));

    /// <param name="file">The file, without its extension.</param>
    /// <param name="id">The case.</param>
    /// <param name="test">Gets the case with its <c>expected</c>.</param>
    public static void Run(string file, string id, Action<JsonValue> test) =>
        Judge.Run(Load(file)[id], golden => test(golden.Input.With("expected", golden.Expected)));

    private static Dictionary<string, GoldenCase> Load(string file) => Files.GetOrAdd(file, static name =>
    {
        if (GoldenFolder.Find(Folder) is not { } folder) return [];
        var path = Path.Combine(folder, name + ".json");
        if (!File.Exists(path)) return [];
        return JsonParser.Parse(File.ReadAllBytes(path), path).Items
            .Select(c => new GoldenCase(Folder, name, c["id"]!.AsString(), c.Without("expected"), () => c["expected"]!))
            .ToDictionary(c => c.Id);
    });
}
