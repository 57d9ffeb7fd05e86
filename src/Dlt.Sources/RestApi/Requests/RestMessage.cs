using System.Net.Http.Headers;
using System.Text;

namespace Dlt.Sources.Rest;

/// <summary>Turns a request of a series into messages of HTTP.</summary>
internal static class RestMessage
{
    /// <summary>Returns the address of a request with its parameters.</summary>
    /// <exception cref="DltException">The address is not one.</exception>
    public static Uri UrlOf(RestRequest request)
    {
        var fragment = request.Url.IndexOf('#', StringComparison.Ordinal);
        var url = fragment < 0 ? request.Url : request.Url[..fragment];
        if (Pairs(request.Params) is not { Count: > 0 } pairs) return RestUrl.Parse(url);
        var mark = url.Contains('?', StringComparison.Ordinal) ? url[^1] is '?' or '&' ? "" : "&" : "?";
        return RestUrl.Parse(url + mark + string.Join('&', pairs.Select(p => $"{Escaped(p.Name)}={Escaped(p.Value)}")));
    }

    /// <summary>Creates a message.</summary>
    /// <param name="request">The request.</param>
    /// <param name="url">Address, which differs from that of the request after a redirect.</param>
    /// <param name="isGet">True when a redirect has turned the request into a GET without a body.</param>
    public static HttpRequestMessage Create(RestRequest request, Uri url, bool isGet = false)
    {
        var message = new HttpRequestMessage(isGet ? HttpMethod.Get : request.Method, url) { Content = isGet ? null : Body(request) };
        foreach (var (name, value) in request.Headers) Add(message, name, value, isGet);
        return message;
    }

    private static HttpContent? Body(RestRequest request)
    {
        if (request is { Json: not null, Data: not null })
        {
            throw new DltException(
                "The request has both 'json' and 'data', but it has one body. Nothing of this run was loaded, and the state is as before. "
                + "Keep json for a JSON body, or data for a form or a text.");
        }

        if (request.Json is { } json)
            return new ByteArrayContent(JsonText.WriteUtf8(json)) { Headers = { ContentType = new("application/json") } };
        return request.Data switch
        {
            null or { Kind: JsonKind.Null } => null,
            { Kind: JsonKind.String } text => new ByteArrayContent(Encoding.UTF8.GetBytes(text.AsString())),
            { } form => new FormUrlEncodedContent(FormPairs(form).Select(p => KeyValuePair.Create(p.Name, p.Value))),
        };
    }

    private static void Add(HttpRequestMessage message, string name, string value, bool isGet)
    {
        if (value.AsSpan().ContainsAny('\r', '\n'))
        {
            throw new DltException(
                $"The value of the header '{name}' has a line end, which a header cannot have. "
                + "Nothing of this run was loaded, and the state is as before. Remove it from the value.");
        }

        if (message.Headers.TryAddWithoutValidation(name, value) || isGet) return;
        message.Content ??= new ByteArrayContent([]);   // Content-Type and others belong to a body
        message.Content.Headers.Remove(name);
        if (name.Equals("Content-Type", StringComparison.OrdinalIgnoreCase) && MediaTypeHeaderValue.TryParse(value, out var type))
            message.Content.Headers.ContentType = type;
        else
            message.Content.Headers.TryAddWithoutValidation(name, value);
    }

    private static List<(string Name, string Value)> FormPairs(JsonValue form) => form.Kind == JsonKind.Object
        ? Pairs(form.Members)
        : [.. form.Items.SelectMany(pair => Pairs([KeyValuePair.Create(RestValueText.Of(pair.Items[0]), pair.Items[1])]))];

    /// <summary>Returns the pairs of a query or a form: a list repeats its name, null is left out.</summary>
    private static List<(string Name, string Value)> Pairs(IEnumerable<KeyValuePair<string, JsonValue>> values) =>
    [
        .. values.SelectMany(v => v.Value.Kind == JsonKind.Array ? v.Value.Items.Select(i => (v.Key, Item: i)) : [(v.Key, Item: v.Value)])
            .Where(v => !v.Item.IsNull)
            .Select(v => (v.Key, RestValueText.Of(v.Item))),
    ];

    private static string Escaped(string text) => Uri.EscapeDataString(text);
}
