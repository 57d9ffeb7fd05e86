using Dlt.Hashing;
using Dlt.Types;

namespace Dlt.Sources.Cursors;

/// <summary>Specifies the form in which values are hashed by <see cref="UniqueValue"/>.</summary>
internal enum UniqueForm
{
    /// <summary>The form since dlt 1.29: date-times are microseconds since 1970.</summary>
    Current,

    /// <summary>
    /// The current form with decimals without zeros at their end, because a batch gives all decimals of a column one scale, which another
    /// batch may not have.
    /// </summary>
    Trimmed,

    /// <summary>The form before dlt 1.29: date-times are ISO texts, UTC as <c>Z</c>.</summary>
    LegacyZulu,

    /// <summary>The form before dlt 1.29 for Python's other class of UTC, as <c>+00:00</c>.</summary>
    LegacyOffset,
}

/// <summary>Computes the hash that identifies an item among those with the same cursor value (docs/spec/pipeline.md 8.3).</summary>
internal static class UniqueValue
{
    private const int HashBytes = 9;
    private const int LegacyHashBytes = 15;

    /// <summary>Number of characters of the hashes that dlt wrote before 1.29.</summary>
    public const int LegacyLength = 20;

    /// <summary>Returns the part of an item that is hashed.</summary>
    /// <param name="item">Item as extracted.</param>
    /// <param name="key">Fields of the key; null for the whole item.</param>
    /// <param name="missing">Field of the key that the item does not have; null when it has all of them.</param>
    /// <returns>Null when a field is missing.</returns>
    public static JsonValue? KeyOf(JsonValue item, IReadOnlyList<string>? key, out string? missing)
    {
        missing = key?.FirstOrDefault(k => item.Kind != JsonKind.Object || !item.Members.Contains(k));
        if (missing is not null) return null;
        return key switch
        {
            null => item,
            [var single] => item[single]!,
            _ => JsonValue.Array([.. key.Select(k => item[k]!)]),
        };
    }

    /// <summary>Returns the hash of a value from <see cref="KeyOf"/>.</summary>
    public static string Of(JsonValue value, UniqueForm form) =>
        DltHash.Shake(JsonText.WriteUtf8(Plain(value, form), sortKeys: true), IsLegacy(form) ? LegacyHashBytes : HashBytes);

    private static bool IsLegacy(UniqueForm form) => form is UniqueForm.LegacyZulu or UniqueForm.LegacyOffset;

    /// <summary>Converts typed texts to plain ones, and date-times to microseconds, or to ISO text in the legacy forms.</summary>
    private static JsonValue Plain(JsonValue value, UniqueForm form)
    {
        switch (value.Kind)
        {
            case JsonKind.Array:
                return JsonValue.Array([.. value.Items.Select(i => Plain(i, form))]);
            case JsonKind.Object:
                return JsonValue.Object(value.Members.Select(m => KeyValuePair.Create(m.Key, Plain(m.Value, form))));
            case JsonKind.String when TypedJson.HasMarker(value.AsString()):
                var decoded = TypedJson.Decode(value.AsString());
                if (decoded.Type == DataType.Decimal && form == UniqueForm.Trimmed) return JsonValue.String(Trimmed(decoded.ToString()));
                if (decoded.Type != DataType.Timestamp) return JsonValue.String(decoded.ToString());
                if (!IsLegacy(form)) return JsonValue.Integer(decoded.AsTimestamp.UtcMicros);
                var text = decoded.AsTimestamp.ToString();
                var isZulu = form == UniqueForm.LegacyZulu && text.EndsWith("+00:00", StringComparison.Ordinal);
                return JsonValue.String(isZulu ? text[..^6] + "Z" : text);
            case JsonKind.Real when !IsLegacy(form) && DataValue.FromJson(value)?.LostDigits is { } digits:
                return JsonValue.String(Trimmed(digits));   // a double would stand for other numbers too, whose items would be lost
            default:
                return value;
        }
    }

    private static string Trimmed(string number) =>
        number.Contains('.', StringComparison.Ordinal) && !number.Contains('e', StringComparison.OrdinalIgnoreCase)
            ? number.TrimEnd('0').TrimEnd('.') : number;
}
