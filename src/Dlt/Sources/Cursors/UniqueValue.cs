using Dlt.Hashing;
using Dlt.Json;
using Dlt.Types;

namespace Dlt.Sources.Cursors;

/// <summary>How a hash of a <see cref="UniqueValue"/> is made.</summary>
internal enum UniqueForm
{
    /// <summary>Since dlt 1.29: date-times are whole microseconds.</summary>
    Current,
    /// <summary>Before 1.29: date-times are ISO texts, UTC as <c>Z</c>.</summary>
    LegacyZulu,
    /// <summary>Before 1.29, for the other class of UTC in Python, as <c>+00:00</c>.</summary>
    LegacyOffset,
}

/// <summary>The hash by which items with the same cursor value are told apart (docs/spec/pipeline.md 8.3).</summary>
internal static class UniqueValue
{
    private const int HashBytes = 9;
    private const int LegacyHashBytes = 15;

    /// <summary>Length of hashes that dlt wrote before 1.29.</summary>
    public const int LegacyLength = 20;

    /// <summary>The part of an item that is hashed.</summary>
    /// <param name="item">The item as extracted.</param>
    /// <param name="key">Fields of the key; null for the whole item.</param>
    /// <param name="missing">The field of the key that the item lacks.</param>
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

    /// <summary>The hash of what <see cref="KeyOf"/> found.</summary>
    public static string Of(JsonValue value, UniqueForm form) =>
        DltHash.Shake(JsonText.WriteUtf8(Plain(value, form), sortKeys: true), form == UniqueForm.Current ? HashBytes : LegacyHashBytes);

    /// <summary>Typed texts become plain ones; date-times whole microseconds, or ISO text in the legacy form.</summary>
    private static JsonValue Plain(JsonValue value, UniqueForm form)
    {
        switch (value.Kind)
        {
            case JsonKind.Array: return JsonValue.Array([.. value.Items.Select(i => Plain(i, form))]);
            case JsonKind.Object: return JsonValue.Object(value.Members.Select(m => KeyValuePair.Create(m.Key, Plain(m.Value, form))));
            case JsonKind.String when TypedJson.HasMarker(value.AsString()):
                var decoded = TypedJson.Decode(value.AsString());
                if (decoded.Type != DataType.Timestamp) return JsonValue.String(decoded.ToString());
                if (form == UniqueForm.Current) return JsonValue.Integer(decoded.AsTimestamp.UtcMicros);
                var text = decoded.AsTimestamp.ToString();
                return JsonValue.String(form == UniqueForm.LegacyZulu && text.EndsWith("+00:00", StringComparison.Ordinal)
                    ? text[..^6] + "Z"
                    : text);
            default: return value;
        }
    }
}
