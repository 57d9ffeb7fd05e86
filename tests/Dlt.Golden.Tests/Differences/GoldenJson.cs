using System.Text.RegularExpressions;
using Dlt.Json;

namespace Dlt.Golden.Differences;

/// <summary>Walks and changes golden JSON.</summary>
internal static partial class GoldenJson
{
    /// <summary>True when a value, or one within it, meets a condition.</summary>
    public static bool Any(JsonValue? json, Func<JsonValue, bool> condition) => json is not null && (condition(json) || json.Kind switch
    {
        JsonKind.Object => json.Members.Any(m => Any(m.Value, condition)),
        JsonKind.Array => json.Items.Any(i => Any(i, condition)),
        _ => false,
    });

    /// <summary>Changes values from the outside in: where <paramref name="change"/> returns null, the values within are changed.</summary>
    public static JsonValue Map(JsonValue json, Func<JsonValue, JsonValue?> change) => change(json) ?? json.Kind switch
    {
        JsonKind.Object => JsonValue.Object(json.Members.Select(m => KeyValuePair.Create(m.Key, Map(m.Value, change)))),
        JsonKind.Array => JsonValue.Array([.. json.Items.Select(i => Map(i, change))]),
        _ => json,
    };

    /// <summary>Changes members of an object.</summary>
    public static JsonValue MapMembers(JsonValue json, Func<string, JsonValue, JsonValue> change) =>
        JsonValue.Object(json.Members.Select(m => KeyValuePair.Create(m.Key, change(m.Key, m.Value))));

    /// <summary>True when a value is <c>{"$type": type, "value": …}</c>.</summary>
    public static bool IsTyped(JsonValue json, string type) =>
        json.Kind == JsonKind.Object && json["$type"] is { Kind: JsonKind.String } name && name.AsString() == type;

    /// <summary>The text of a typed value.</summary>
    public static string TextOf(JsonValue typed) => typed["value"]!.AsString();

    /// <summary>The numbers of a JSON text, in their order.</summary>
    public static IReadOnlyList<string> Numbers(string json) => [.. Tokens().Matches(json).Select(m => m.Value).Where(t => t[0] != '"')];

    /// <summary>The JSON text with its numbers changed.</summary>
    public static string MapNumbers(string json, Func<int, string, string> change)
    {
        var n = 0;
        return Tokens().Replace(json, m => m.Value[0] == '"' ? m.Value : change(n++, m.Value));
    }

    public static bool IsInteger(string number) => number.AsSpan().IndexOfAny('.', 'e', 'E') < 0;

    [GeneratedRegex("\"(?:\\\\.|[^\"\\\\])*\"|-?[0-9]+(?:\\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")]
    private static partial Regex Tokens();
}
