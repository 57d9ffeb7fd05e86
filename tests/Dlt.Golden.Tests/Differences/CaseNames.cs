using Dlt.Golden.Harness;
using Dlt.Golden.Pipelines;
using Dlt.Golden.Units;
using Dlt.Json;

namespace Dlt.Golden.Differences;

/// <summary>The names of cases that give items.</summary>
internal static class CaseNames
{
    private const int MaxOfAthena = 255;

    public static bool IsNormalizer(GoldenCase golden) => golden.Folder == UnitFile.Folder && golden.Unit == "normalizer";

    public static OurNames Of(GoldenCase golden)
    {
        if (golden.Folder == PipelineCase.Folder) return new(Text(golden["config"]?["schema.naming"]) ?? "snake_case", MaxOfAthena);
        var settings = golden["settings"]!;
        int? max = settings["max_length"] is { Kind: JsonKind.Integer } length ? (int)length.AsInt64()
            : Text(golden["capabilities"]) == "athena" ? MaxOfAthena : null;
        return new(Text(settings["naming"]) ?? "snake_case", max, settings["break_path"] is not { Kind: JsonKind.False });
    }

    /// <summary>The items of a case of the normaliser.</summary>
    public static FlatItems Flat(GoldenCase golden)
    {
        var names = Of(golden);
        var flat = new FlatItems(names, MaxNesting(golden["settings"]?["max_nesting"]));
        var table = golden["table"]!.AsString();
        foreach (var item in JsonParser.Parse(golden["items_json"]!.AsString()).Items) flat.Add(item, Table(names, table));
        return flat;
    }

    /// <summary>The items of each run of a pipeline; those of resources with a nesting limit of their own are left out.</summary>
    public static IReadOnlyList<FlatItems> FlatRuns(GoldenCase golden)
    {
        var names = Of(golden);
        var runs = Enumerable.Range(0, golden["runs"]!.Items.Length).Select(_ => new List<InputItem>()).ToList();
        foreach (var item in PipelineCase.Items(golden)) runs[item.Run].Add(item);
        return [.. runs.Select((items, run) =>
        {
            var flat = new FlatItems(names, MaxNesting(golden["runs"]!.Items[run]["source"]?["max_table_nesting"]));
            foreach (var item in items.Where(i => i.Resource["max_table_nesting"] is null)) flat.Add(item.Item, Table(names, item.Table));
            return flat;
        })];
    }

    public static NamePair Table(OurNames names, string table) => new(names.KeyOfDlt(table), names.Key(table, isTable: true));

    /// <summary>How many levels are taken apart; all where nothing is set.</summary>
    public static int MaxNesting(JsonValue? setting) => setting is { Kind: JsonKind.Integer } max ? (int)max.AsInt64() : 1000;

    private static string? Text(JsonValue? value) => value is { Kind: JsonKind.String } ? value.AsString() : null;
}
