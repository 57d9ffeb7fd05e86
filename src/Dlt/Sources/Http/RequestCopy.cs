namespace Dlt.Sources.Http;

/// <summary>Copies requests, because sending and redirecting a message changes its address, method or headers.</summary>
internal static class RequestCopy
{
    /// <summary>Returns a copy with the same content, which is buffered and can be sent several times.</summary>
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

    /// <summary>Returns whether the copy was redirected. The server then processed the original request.</summary>
    public static bool WasRedirected(HttpRequestMessage request, HttpRequestMessage copy) =>
        copy.Method != request.Method
        || request.RequestUri?.GetLeftPart(UriPartial.Path) != copy.RequestUri?.GetLeftPart(UriPartial.Path);
}
