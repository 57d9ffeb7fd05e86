namespace Dlt;

/// <summary>A request of a series of pages, before authentication. Paginators change it from page to page.</summary>
public sealed class RestRequest
{
    /// <summary>Creates a request.</summary>
    public RestRequest(HttpMethod method, string url) => (Method, Url) = (method, url);

    /// <summary>Method.</summary>
    public HttpMethod Method { get; set; }

    /// <summary>Absolute address. It may have a query of its own, which <see cref="Params"/> are appended to.</summary>
    public string Url { get; set; }

    /// <summary>Parameters of the query, in their order. A list repeats the parameter; null leaves it out.</summary>
    public IDictionary<string, JsonValue> Params { get; } = new OrderedDictionary<string, JsonValue>(StringComparer.Ordinal);

    /// <summary>Headers.</summary>
    public IDictionary<string, string> Headers { get; } = new OrderedDictionary<string, string>(StringComparer.OrdinalIgnoreCase);

    /// <summary>Body that is sent as JSON; null for none.</summary>
    public JsonValue? Json { get; set; }

    /// <summary>Body: a text, or a form as an object or a list of pairs; null for none.</summary>
    public JsonValue? Data { get; set; }
}
