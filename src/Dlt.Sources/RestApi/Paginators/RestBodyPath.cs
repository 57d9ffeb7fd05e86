namespace Dlt.Sources.Rest;

/// <summary>Puts values into a JSON body.</summary>
internal static class RestBodyPath
{
    /// <summary>Returns a body with a value at a path of names. Objects that are missing are added.</summary>
    /// <param name="body">The body; null for an empty one.</param>
    /// <param name="path">Names separated by dots.</param>
    /// <param name="value">The value.</param>
    public static JsonValue Set(JsonValue? body, string path, JsonValue value) => Set(body, path.Split('.'), value);

    private static JsonValue Set(JsonValue? body, ReadOnlySpan<string> names, JsonValue value)
    {
        if (names.Length == 0) return value;
        var parent = body is { Kind: JsonKind.Object } ? body : JsonValue.EmptyObject;
        return parent.With(names[0], Set(parent[names[0]], names[1..], value));
    }
}
