using Dlt.Items;

namespace Dlt.Sources.Rest;

/// <summary>Records of parents, which may be objects of the program.</summary>
internal static class RestRecordValue
{
    /// <summary>Returns a record as JSON.</summary>
    public static JsonValue Of(object? record) => record switch
    {
        JsonValue json => json,
        RawJson raw => JsonValue.Parse(raw.Utf8.Span, raw.Origin),
        _ => ItemWriter.ToJson(record) ?? JsonValue.Null,
    };
}
