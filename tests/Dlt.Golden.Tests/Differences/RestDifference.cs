using System.Collections.Immutable;
using Dlt.Golden.Harness;
using Dlt.Golden.Rest;
using Dlt.Json;

namespace Dlt.Golden.Differences;

/// <summary>
/// A kind of difference of the REST source. Most of its cases are traps: dlt/rest asks to decide each one by itself, so they are listed by
/// name, with what changes in their expectation (<c>Rest/ours.json</c>).
/// </summary>
internal sealed class RestDifference(string name) : Difference(name)
{
    private static readonly Lazy<JsonMembers> Ours = new(() =>
    {
        var path = Path.Combine(AppContext.BaseDirectory, "Rest", "ours.json");
        return JsonParser.Parse(File.ReadAllBytes(path), path).Members;
    });

    /// <summary>The kinds, in the order of docs/differences.md.</summary>
    public static ImmutableArray<RestDifference> All { get; } =
    [
        new("rest-checked-first"), new("rest-settings"), new("rest-credentials"), new("rest-values"), new("rest-bodies"),
        new("rest-records"), new("rest-guesses"), new("rest-pages"), new("rest-endless"), new("rest-cursors"),
    ];

    /// <summary>Where our error or warning must say more than that of dlt, which is no difference: the case with what is wanted.</summary>
    public static GoldenCase Stricter(GoldenCase golden) =>
        Ours.Value.TryGet(golden.Id, out var ours) && ours["kind"]!.AsString() == "stricter"
            ? Changed(golden, ours["runs"]!.Items)
            : golden;

    public override bool AppliesTo(GoldenCase golden) =>
        golden.Folder == RestCase.Folder && Ours.Value.TryGet(golden.Id, out var ours) && ours["kind"]!.AsString() == Name;

    public override IEnumerable<GoldenCase> Rewrite(GoldenCase golden)
    {
        Ours.Value.TryGet(golden.Id, out var ours);
        yield return Changed(golden, ours!["runs"]!.Items);
    }

    private static GoldenCase Changed(GoldenCase golden, ImmutableArray<JsonValue> changes) => golden.WithExpected(JsonValue.Array(
        [.. golden.Expected.Items.Select((run, i) => i < changes.Length ? Changed(run, changes[i]) : run)]));

    /// <summary>
    /// Changes a run: members replace those of the run, null removes one. <c>skip</c> lists exchanges that are not made, <c>more: true</c>
    /// wants those of the run's <c>more</c>, <c>add</c> has further ones. <c>warns</c> are words of warnings.
    /// </summary>
    private static JsonValue Changed(JsonValue run, JsonValue change)
    {
        var skipped = (change["skip"]?.Items ?? []).Select(i => (int)i.AsInt64()).ToHashSet();
        var exchanges = run["exchanges"]!.Items.Where((_, i) => !skipped.Contains(i));
        if (change["more"] is not null) exchanges = exchanges.Concat(run["more"]!.Items);
        exchanges = exchanges.Concat(change["add"]?.Items ?? []);
        run = run.With("exchanges", JsonValue.Array([.. exchanges]));
        foreach (var (name, value) in change.Members.Where(m => m.Key is not ("skip" or "more" or "add")))
            run = value.IsNull ? run.Without(name) : run.With(name, value);
        return run;
    }
}
