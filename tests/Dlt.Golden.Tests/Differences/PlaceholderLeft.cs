using Dlt.Golden.Harness;
using Dlt.Json;

namespace Dlt.Golden.Differences;

/// <summary>A placeholder that is left in a file is an error that names the file and the key; dlt passes it on.</summary>
internal sealed class PlaceholderLeft() : Difference("placeholder-left")
{
    public override bool AppliesTo(GoldenCase golden) =>
        SettingsText.IsSettings(golden) && golden.Expected["resolved"] is { } resolved && GoldenJson.Any(resolved, IsPlaceholder);

    public override IEnumerable<GoldenCase> Rewrite(GoldenCase golden)
    {
        string? found = null;
        GoldenJson.Any(golden.Expected["resolved"], v => IsPlaceholder(v) && (found = v.AsString()) is not null);
        yield return golden.WithExpected(
            JsonValue.Object(("error", JsonValue.String(ErrorOutcome.PlaceholderLeft)), ("message", JsonValue.String($"reads `{found}`"))));
    }

    private static bool IsPlaceholder(JsonValue value) => value.Kind == JsonKind.String && value.AsString() is var text
        && (
            text == "<configure me>" || text.StartsWith("please set me up", StringComparison.OrdinalIgnoreCase)
                || (text.StartsWith("s3://[", StringComparison.Ordinal) && text.Contains(']', StringComparison.Ordinal)));
}
