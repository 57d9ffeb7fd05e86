using Dlt.Golden.Harness;
using Dlt.Golden.Units;
using Dlt.Json;

namespace Dlt.Golden.Differences;

/// <summary>Columns of nested hints need no name in addition to their key; dlt fails without it.</summary>
internal sealed class NestedHintsWithoutNames() : Difference("nested-hints-without-names")
{
    public override bool AppliesTo(GoldenCase golden) =>
        golden.Is("pipelines", "pipeline") && golden.Expected.Items.Any(ErrorOutcome.IsError)
            && golden["input"]!["nested_hints"] is { Kind: JsonKind.Object } hints
            && hints.Members.Any(h => Columns(h.Value).Any(c => c.Value["name"] is null));

    /// <summary>The rewrite that <see cref="NestedHintsWithoutNames"/> makes for names.</summary>
    public override IEnumerable<GoldenCase> Rewrite(GoldenCase golden)
    {
        var named = GoldenJson.MapMembers(
            golden["input"]!["nested_hints"]!, (_, hint) => hint["columns"] is not { Kind: JsonKind.Object } columns
            ? hint
            : hint.With(
                "columns",
                    GoldenJson.MapMembers(
                        columns, (name, column) => column["name"] is null ? column.With("name", JsonValue.String(name)) : column)));
        yield return golden.WithExpected(
            StoredSchemaTests.Observe(golden.Input.With("input", golden["input"]!.With("nested_hints", named))));
    }

    private static IEnumerable<KeyValuePair<string, JsonValue>> Columns(JsonValue hint) =>
        hint["columns"] is { Kind: JsonKind.Object } columns ? columns.Members : [];
}
