using Dlt.Golden.Harness;
using Dlt.Golden.Pipelines;
using Dlt.Json;

namespace Dlt.Golden.Differences;

/// <summary>
/// Rows of one load that repeat a primary key are refused by upsert and cdc, always. dlt inserts all of them in the first load, and fails
/// in the next.
/// </summary>
internal sealed class KeysOfAnUpsert() : Difference("keys-of-an-upsert")
{
    public override bool AppliesTo(GoldenCase golden) => EndStateCase.Is(golden) && First(golden) is not null;

    /// <summary>The run and all later ones fail, because the package waits; the tables stay as they were before it.</summary>
    public override IEnumerable<GoldenCase> Rewrite(GoldenCase golden)
    {
        var (first, table) = First(golden)!.Value;
        var tables = first == 0 ? JsonValue.EmptyObject : golden.Expected[$"run{first}"]!["tables"]!;
        var error = JsonValue.Array([JsonValue.Object(
            ("type", JsonValue.String(ErrorOutcome.KeysOfAnUpsert)), ("message", JsonValue.String($"table `{table}`")))]);
        yield return golden.WithExpected(GoldenJson.MapMembers(golden.Expected, (run, outcome) =>
            int.Parse(run["run".Length..]) - 1 < first ? outcome : JsonValue.Object(("error", error), ("tables", tables))));
    }

    private static (int Run, string Table)? First(GoldenCase golden)
    {
        var repeated = PipelineCase.Items(golden).Where(i => i.Item.Kind == JsonKind.Object && IsUpsert(i.Resource))
            .GroupBy(i => (i.Run, i.Table, Key: KeyOf(i)))
            .Where(rows => rows.Key.Key.Length > 0 && rows.Count() > 1)
            .Select(rows => (rows.Key.Run, rows.Key.Table)).ToList();
        return repeated.Count == 0 ? null : repeated.MinBy(r => r.Run);
    }

    private static bool IsUpsert(JsonValue resource) => resource["write_disposition"] is { Kind: JsonKind.Object } disposition
        && disposition["strategy"] is { Kind: JsonKind.String } strategy && strategy.AsString() is "upsert" or "cdc";

    private static string KeyOf(InputItem item)
    {
        var names = CaseResources.Names(item.Resource["primary_key"]).ToList();
        return names.Any(n => item.Item[n] is null) ? "" : string.Join('\n', names.Select(n => JsonText.Write(item.Item[n]!)));
    }
}
