using Dlt.Types;

namespace Dlt.Sources.Cursors;

/// <summary>The values of a cursor in the form that requests take.</summary>
internal static class RequestValue
{
    /// <summary>Returns a value without its type marker: times as ISO texts. Null becomes the JSON null.</summary>
    public static JsonValue Plain(JsonValue? value) => value is null ? JsonValue.Null : TypedJson.ToPlain(value);
}
