using Dlt.Golden.Harness;
using Dlt.Golden.Units;
using Dlt.Json;

namespace Dlt.Golden.Differences;

/// <summary>A byte order mark before a TOML file changes nothing; dlt cannot read such a file.</summary>
internal sealed class ByteOrderMark() : Difference("byte-order-mark")
{
    private const char Mark = '\uFEFF';

    public override bool AppliesTo(GoldenCase golden) =>
        SettingsText.IsSettings(golden) && ErrorOutcome.IsError(golden.Expected)
            && SettingsText.Tomls(golden).Any(t => t.Text.StartsWith(Mark));

    public override IEnumerable<GoldenCase> Rewrite(GoldenCase golden)
    {
        var without = GoldenJson.Map(
            golden.Input, v =>
                v.Kind == JsonKind.String && v.AsString().StartsWith(Mark) ? JsonValue.String(v.AsString().TrimStart(Mark)) : null);
        yield return golden.WithExpected(JsonValue.Object(("resolved", ConfigurationTests.Observe(without))));
    }
}
