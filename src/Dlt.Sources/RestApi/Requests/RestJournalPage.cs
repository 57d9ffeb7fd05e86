using System.Globalization;
using Dlt.Sources.Http;

namespace Dlt.Sources.Rest;

/// <summary>An answer in a journal, whose body is in the file.</summary>
/// <param name="Head">Hash of the request, status, address and headers of the answer, length and hash of its body.</param>
/// <param name="Start">Position of the page in the file.</param>
/// <param name="BodyStart">Position of its body.</param>
internal sealed record RestJournalPage(JsonValue Head, long Start, long BodyStart)
{
    private const string RequestKey = "request";
    private const string LengthKey = "length";
    private const string HashKey = "hash";

    /// <summary>Hash of the request.</summary>
    public UInt128 Request { get; } =
        UInt128.Parse(Head[RequestKey]!.AsString(), NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    /// <summary>Length of the body.</summary>
    public int Length { get; } = (int)Head[LengthKey]!.AsInt64();

    /// <summary>Returns the head of an answer.</summary>
    public static JsonValue HeadOf(UInt128 request, RestExchange exchange) => JsonValue.Object(
        (RequestKey, JsonValue.String(Hex(request))),
        ("status", JsonValue.Integer(exchange.Answer.StatusCode)),
        ("url", JsonValue.String(exchange.Url.AbsoluteUri)),
        ("headers", JsonValue.Object(exchange.Answer.Headers.NonValidated
            .Where(h => !h.Key.Equals("Set-Cookie", StringComparison.OrdinalIgnoreCase))
            .Select(h => KeyValuePair.Create(h.Key, JsonValue.String(h.Value.ToString()))))),
        (LengthKey, JsonValue.Integer(exchange.Answer.Body.Length)),
        (HashKey, JsonValue.String(Hex(RestPrint.Of(exchange.Answer.Body.Span)))));

    /// <summary>Reads the body of a page.</summary>
    /// <returns>Null when the file ends before, or has other bytes.</returns>
    public byte[]? Read(FileStream file)
    {
        if (Length < 0 || Length > file.Length - BodyStart) return null;
        file.Position = BodyStart;
        var body = new byte[Length];
        file.ReadExactly(body);
        return Head[HashKey]?.Equals(JsonValue.String(Hex(RestPrint.Of(body)))) == true ? body : null;
    }

    /// <summary>Returns the answer as if it had just come.</summary>
    public RestExchange ToExchange(byte[] body)
    {
        var url = new Uri(Head["url"]!.AsString());
        var headers = new HttpResponseMessage().Headers;
        foreach (var (name, value) in Head["headers"]!.Members) headers.TryAddWithoutValidation(name, value.AsString());
        var call = new ApiCall(new HttpRequestMessage(HttpMethod.Get, url));
        return new(new(call.Url, (int)Head["status"]!.AsInt64(), headers, body), url, call, null);
    }

    private static string Hex(UInt128 hash) => hash.ToString("x32", CultureInfo.InvariantCulture);
}
