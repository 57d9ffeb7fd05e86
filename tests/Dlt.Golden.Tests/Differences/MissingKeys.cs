using Dlt.Golden.Harness;
using Dlt.Json;

namespace Dlt.Golden.Differences;

/// <summary>
/// Without any key the chain of AWS logins follows; dlt asks for both keys. One key without the other is an error here as well.
/// </summary>
internal sealed class MissingKeys() : Difference("missing-keys")
{
    private static readonly string[] Keys = ["aws_access_key_id", "aws_secret_access_key"];

    public override bool AppliesTo(GoldenCase golden) =>
        SettingsText.IsSettings(golden) && golden.Expected["fields"] is { Kind: JsonKind.Array } fields
            && fields.Items.Length == Keys.Length && fields.Items.All(f => Keys.Contains(f.AsString()));

    public override IEnumerable<GoldenCase> Rewrite(GoldenCase golden)
    {
        var expected = JsonValue.Object(("resolved", JsonValue.Object(Keys.Select(k => KeyValuePair.Create(k, JsonValue.Null)))));
        yield return golden.WithExpected(golden.Expected["lookups"] is { } lookups ? expected.With("lookups", lookups) : expected);
    }
}
