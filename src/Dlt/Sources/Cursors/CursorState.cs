using System.Collections.Immutable;

namespace Dlt.Sources.Cursors;

/// <summary>
/// Stored state of a cursor (docs/spec/pipeline.md 8.2). Values have the form of extracted items: date-times are typed texts.
/// </summary>
/// <param name="InitialValue">Lower bound of the first run.</param>
/// <param name="LastValue">Latest value that was loaded.</param>
/// <param name="UniqueHashes">Hashes of the items that had the latest value.</param>
/// <param name="StartValue">Last value before the latest run that loaded items.</param>
internal sealed record CursorState(
    JsonValue? InitialValue, JsonValue? LastValue, ImmutableArray<string> UniqueHashes, JsonValue? StartValue)
{
    public static CursorState New(JsonValue? initial) => new(initial, initial, [], initial);

    public static CursorState FromJson(JsonValue json) => new(
        Value(json["initial_value"]), Value(json["last_value"]),
        json["unique_hashes"] is { Kind: JsonKind.Array } hashes ? [.. hashes.Items.Select(h => h.AsString())] : [],
        Value(json["start_value"]));

    public JsonValue ToJson() => JsonValue.Object(
        ("initial_value", InitialValue ?? JsonValue.Null),
        ("last_value", LastValue ?? JsonValue.Null),
        ("unique_hashes", JsonValue.Array([.. UniqueHashes.Select(JsonValue.String)])),
        ("start_value", StartValue ?? JsonValue.Null));

    private static JsonValue? Value(JsonValue? json) => json is null or { IsNull: true } ? null : json;
}
