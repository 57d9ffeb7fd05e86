using Dlt.Golden.Harness;
using Dlt.Golden.Units;
using Dlt.Hashing;
using Dlt.Json;

namespace Dlt.Golden.Differences;

/// <summary>The key of a cursor that has one field is hashed as that field's value; dlt hashes a list when the key was given as one.</summary>
internal sealed class CursorKeyOfOneField() : Difference("cursor-key-of-one-field")
{
    private const int HashBytes = 9;
    private const int LegacyHashBytes = 15;

    public override bool AppliesTo(GoldenCase golden) => golden.Is("hashes", "incremental_unique_value") && golden["input"]!["primary_key"] is { Kind: JsonKind.Array, Items.Length: 1 } && golden.Expected["hash"] is not null;

    public override IEnumerable<GoldenCase> Rewrite(GoldenCase golden)
    {
        var value = golden["input"]!["row"]![golden["input"]!["primary_key"]!.Items[0].AsString()]!;
        var text = JsonText.WriteUtf8(GoldenJson.IsTyped(value, "timestamp") ? JsonValue.Integer(GoldenValue.ToValue(value)!.Value.AsTimestamp.UtcMicros) : TypedJson.ToPlain(GoldenValue.ToExtracted(value)), sortKeys: true);
        yield return golden.WithExpected(JsonValue.Object(("hash", JsonValue.String(DltHash.Shake(text, HashBytes))), ("legacy_hash", JsonValue.String(DltHash.Shake(text, LegacyHashBytes)))));
    }
}
