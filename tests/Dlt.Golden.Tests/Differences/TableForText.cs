using Dlt.Golden.Harness;
using Dlt.Json;

namespace Dlt.Golden.Differences;

/// <summary>A table where a text belongs is an error that names the place; dlt passes its text on.</summary>
internal sealed class TableForText() : Difference("table-for-text")
{
    public override bool AppliesTo(GoldenCase golden) => SettingsText.IsSettings(golden) && Field(golden) is not null;

    public override IEnumerable<GoldenCase> Rewrite(GoldenCase golden) =>
        [golden.WithExpected(
            JsonValue.Object(
                ("error", JsonValue.String("ConfigValueCannotBeCoercedException")),
                    ("message", JsonValue.String($"field `{Field(golden)}`"))))];

    private static string? Field(GoldenCase golden) => golden.Expected["resolved"] is { Kind: JsonKind.Object } resolved
        ? resolved.Members.Where(
            m =>
                m.Value.Kind == JsonKind.String && m.Value.AsString() is ['{', ..] or ['[', ..]
                    && (
                        SettingsText.Table(golden, m.Key) is not null
                            || SettingsText.Value(golden, m.Key) is { Kind: JsonKind.Array or JsonKind.Object })).Select(m => m.Key)
                            .FirstOrDefault()
        : null;
}
