namespace Dlt.Sources.Http;

/// <summary>
/// Copies of a request: a message that was sent has another address, method or headers afterwards, when it was redirected.
/// </summary>
internal static class RequestCopy
{
    /// <summary>A copy with the same content, which can be sent often because it is buffered.</summary>
    public static HttpRequestMessage Of(HttpRequestMessage request)
    {
        var copy = new HttpRequestMessage(request.Method, request.RequestUri)
        {
            Version = request.Version,
            VersionPolicy = request.VersionPolicy,
            Content = request.Content,
        };
        foreach (var (name, values) in request.Headers.NonValidated) copy.Headers.TryAddWithoutValidation(name, values);
        foreach (var (name, value) in request.Options) ((IDictionary<string, object?>)copy.Options)[name] = value;
        return copy;
    }

    /// <summary>True when an answer sent the copy on to another address: what was asked for first was done.</summary>
    public static bool WasRedirected(HttpRequestMessage request, HttpRequestMessage copy) =>
        copy.Method != request.Method
        || request.RequestUri?.GetLeftPart(UriPartial.Path) != copy.RequestUri?.GetLeftPart(UriPartial.Path);
}
