using Dlt.Golden.Harness;
using Dlt.Json;

namespace Dlt.Golden.Differences;

/// <summary>A text with an offset of 24 hours or more is not a timestamp; dlt detects one, and cannot read it.</summary>
internal sealed class OffsetOfADay() : Difference("offset-of-a-day")
{
    public override bool AppliesTo(GoldenCase golden) =>
        golden.Is("types", "detect") && golden.Expected["default"]!.AsString() == "timestamp" && golden.Expected["parsed"] is { } parsed
            && ErrorOutcome.IsError(parsed) && HasLongOffset(golden["input"]!.AsString());

    public override IEnumerable<GoldenCase> Rewrite(GoldenCase golden) =>
        [golden.WithExpected(
            GoldenJson.MapMembers(
                golden.Expected, (_, value) =>
                    value.Kind == JsonKind.String && value.AsString() == "timestamp" ? JsonValue.String("text") : value))];

    private static bool HasLongOffset(string text)
    {
        var at = text.LastIndexOfAny(['+', '-']);
        return at > text.IndexOf(':', StringComparison.Ordinal) && at + 3 <= text.Length
            && int.TryParse(text.AsSpan(at + 1, 2), out var hours) && hours >= 24;
    }
}
