namespace Dlt.Sources.Rest;

/// <summary>What identifies the version of an answer (RFC 9110, 8.8): its ETag, or the time of its last change.</summary>
/// <param name="ETag">The header <c>ETag</c>; null for none.</param>
/// <param name="LastModified">The header <c>Last-Modified</c>; null for none.</param>
internal sealed record RestValidators(string? ETag, string? LastModified)
{
    private const string ETagKey = "etag";
    private const string LastModifiedKey = "last_modified";

    /// <summary>Returns the version of an answer; null when it has none.</summary>
    public static RestValidators? Of(HttpResponseMessage response)
    {
        var etag = response.Headers.NonValidated.TryGetValues("ETag", out var tags) ? tags.ToString() : null;
        var changed = response.Content.Headers.NonValidated.TryGetValues("Last-Modified", out var times) ? times.ToString() : null;
        return etag is null && changed is null ? null : new(etag, changed);
    }

    /// <summary>Makes a request ask for changes since this version.</summary>
    public void AddTo(HttpRequestMessage message)
    {
        if (ETag is not null) message.Headers.TryAddWithoutValidation("If-None-Match", ETag);
        if (LastModified is not null) message.Headers.TryAddWithoutValidation("If-Modified-Since", LastModified);
    }

    /// <summary>Reads the version that an earlier run stored; null for none.</summary>
    public static RestValidators? FromJson(JsonValue? json) => json is { Kind: JsonKind.Object }
        ? new(Text(json[ETagKey]), Text(json[LastModifiedKey]))
        : null;

    /// <summary>Returns the version for the state.</summary>
    public JsonValue ToJson() =>
        JsonValue.Object((ETagKey, JsonValue.String(ETag)), (LastModifiedKey, JsonValue.String(LastModified)));

    private static string? Text(JsonValue? json) => json is { Kind: JsonKind.String } ? json.AsString() : null;
}
