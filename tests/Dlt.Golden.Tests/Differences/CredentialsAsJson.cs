using Dlt.Golden.Harness;
using Dlt.Json;

namespace Dlt.Golden.Differences;

/// <summary>Credentials may be one JSON object in one value; dlt wants a session of boto3 there.</summary>
internal sealed class CredentialsAsJson() : Difference("credentials-as-json")
{
    public override bool AppliesTo(GoldenCase golden) =>
        SettingsText.IsSettings(golden) && ErrorOutcome.IsError(golden.Expected)
            && golden.Expected["error"]!.AsString() == "InvalidNativeValue" && Given(golden) is not null;

    public override IEnumerable<GoldenCase> Rewrite(GoldenCase golden) =>
        [golden.WithExpected(JsonValue.Object(("resolved", JsonValue.Object(("credentials", Given(golden)!)))))];

    private static JsonValue? Given(GoldenCase golden)
    {
        if (SettingsText.Value(golden, "credentials") is not { Kind: JsonKind.String } text) return null;
        try
        {
            return JsonParser.Parse(text.AsString()) is { Kind: JsonKind.Object } json ? json : null;
        }
        catch (JsonFormatException)
        {
            return null;
        }
    }
}
