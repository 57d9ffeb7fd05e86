using Dlt.Golden.Harness;
using Dlt.Golden.Units;
using Dlt.Hashing;
using Dlt.Json;
using Dlt.Types;

namespace Dlt.Golden.Differences;

/// <summary>
/// The key of a cursor that has one field is hashed as that field's value; dlt hashes a list when the key was given as one.
/// </summary>
internal sealed class CursorKeyOfOneField() : Difference("cursor-key-of-one-field")
{
    private const int HashBytes = 9;
    private const int LegacyHashBytes = 15;

    public override bool AppliesTo(GoldenCase golden) =>
        golden.Is("hashes", "incremental_unique_value") && golden["input"]!["primary_key"] is { Kind: JsonKind.Array, Items.Length: 1 }
            && golden.Expected["hash"] is not null;

    public override IEnumerable<GoldenCase> Rewrite(GoldenCase golden)
    {
        var value = golden["input"]!["row"]![golden["input"]!["primary_key"]!.Items[0].AsString()]!;
        var isTime = GoldenJson.IsTyped(value, "timestamp");
        var plain = TypedJson.ToPlain(GoldenValue.ToExtracted(value));
        var hashed = isTime ? JsonValue.Integer(GoldenValue.ToValue(value)!.Value.AsTimestamp.UtcMicros) : plain;
        // Before dlt 1.29 a time was hashed as its text, which has a Z or an offset.
        string[] legacy = isTime
            ? [
                Hash(plain, LegacyHashBytes),
                    Hash(JsonValue.String(plain.AsString().Replace("+00:00", "Z", StringComparison.Ordinal)), LegacyHashBytes)]
                    : [Hash(plain, LegacyHashBytes)];
        yield return golden.WithExpected(
            JsonValue.Object(
                ("hash", JsonValue.String(Hash(hashed, HashBytes))),
                    ("legacy_hashes", JsonValue.Array([.. legacy.Select(JsonValue.String)]))));
    }

    private static string Hash(JsonValue value, int bytes) => DltHash.Shake(JsonText.WriteUtf8(value, sortKeys: true), bytes);
}
