using System.Globalization;
using Dlt.Sources.Http;

namespace Dlt.Sources.Rest;

/// <summary>An answer in a journal.</summary>
/// <param name="Request">Hash of the request.</param>
/// <param name="Head">Status, address and headers of the answer.</param>
/// <param name="Body">Its body.</param>
internal sealed record RestJournalPage(UInt128 Request, JsonValue Head, ReadOnlyMemory<byte> Body)
{
    private const string RequestKey = "request";

    /// <summary>Position of the page in its file.</summary>
    public long Start { get; init; }

    public static RestJournalPage Of(UInt128 request, RestExchange exchange) => new(
        request,
        JsonValue.Object(
            (RequestKey, JsonValue.String(request.ToString("x32", CultureInfo.InvariantCulture))),
            ("status", JsonValue.Integer(exchange.Answer.StatusCode)),
            ("url", JsonValue.String(exchange.Url.AbsoluteUri)),
            ("headers", JsonValue.Object(exchange.Answer.Headers.NonValidated
                .Where(h => !h.Key.Equals("Set-Cookie", StringComparison.OrdinalIgnoreCase))
                .Select(h => KeyValuePair.Create(h.Key, JsonValue.String(h.Value.ToString())))))),
        exchange.Answer.Body);

    public static RestJournalPage Of(JsonValue head, ReadOnlyMemory<byte> body, long start) => new(
        UInt128.Parse(head[RequestKey]!.AsString(), NumberStyles.HexNumber, CultureInfo.InvariantCulture), head, body) { Start = start };

    /// <summary>Returns the answer as if it had just come.</summary>
    public RestExchange ToExchange()
    {
        var url = new Uri(Head["url"]!.AsString());
        var headers = new HttpResponseMessage().Headers;
        foreach (var (name, value) in Head["headers"]!.Members) headers.TryAddWithoutValidation(name, value.AsString());
        var call = new ApiCall(new HttpRequestMessage(HttpMethod.Get, url));
        return new(new(call.Url, (int)Head["status"]!.AsInt64(), headers, Body), url, call, null);
    }
}
