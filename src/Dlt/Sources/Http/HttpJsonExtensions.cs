using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Dlt.Internal;
using Dlt.Items;
using Dlt.Json;
using Dlt.Sources.Http;

namespace Dlt;

/// <summary>
/// Extension methods to request JSON with an <see cref="HttpClient"/>. With <see cref="ResourceContext.Http"/> an incomplete body is
/// requested again, like a failed request.
/// </summary>
public static class HttpJsonExtensions
{
    private static readonly JsonSerializerOptions BodyOptions = new(JsonSerializerDefaults.Web)
    {
        TypeInfoResolver = new DefaultJsonTypeInfoResolver(),
        Converters = { new JsonStringEnumConverter(), new JsonValueConverter() },
    };

    /// <summary>Sends a GET request and returns the JSON of the response.</summary>
    /// <param name="http">Client that sends the request.</param>
    /// <param name="url">Address, absolute or relative to <see cref="HttpClient.BaseAddress"/>.</param>
    /// <param name="cancellationToken">Cancels the request and the waits between attempts.</param>
    /// <exception cref="ApiException">
    /// The last response had an error status, there was no response, or its content type is not JSON.
    /// </exception>
    /// <exception cref="JsonFormatException">The response is not valid JSON. The message names the address and the position.</exception>
    public static async Task<JsonValue> GetJsonAsync(this HttpClient http, string url, CancellationToken cancellationToken = default)
    {
        using var request = Request(http, HttpMethod.Get, url);
        return await SendJsonAsync(http, request, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Sends a GET request and returns the JSON of the response; null for 404, 410 and 204, which have no content.</summary>
    /// <inheritdoc cref="GetJsonAsync"/>
    public static async Task<JsonValue?> TryGetJsonAsync(this HttpClient http, string url, CancellationToken cancellationToken = default)
    {
        using var request = Request(http, HttpMethod.Get, url);
        return await SendAsync(http, request, mayBeMissing: true, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// Sends a POST request with JSON and returns the JSON of the response. It is repeated only if the server did not process it: after 429
    /// and 503, and when no connection was established.
    /// </summary>
    /// <param name="http">Client that sends the request.</param>
    /// <param name="url">Address, absolute or relative to <see cref="HttpClient.BaseAddress"/>.</param>
    /// <param name="body">
    /// Body of the request: a <see cref="JsonValue"/>, or an object that <see cref="JsonSerializer"/> writes, with names in camel case.
    /// </param>
    /// <param name="cancellationToken">Cancels the request and the waits between attempts.</param>
    /// <inheritdoc cref="GetJsonAsync"/>
    public static async Task<JsonValue> PostJsonAsync(
        this HttpClient http, string url, object? body, CancellationToken cancellationToken = default)
    {
        using var request = Request(http, HttpMethod.Post, url);
        var json = body is JsonValue value
            ? JsonText.WriteUtf8(value)
            : JsonSerializer.SerializeToUtf8Bytes(body, body?.GetType() ?? typeof(object), BodyOptions);
        request.Content = new ByteArrayContent(json)
        {
            Headers = { ContentType = new MediaTypeHeaderValue("application/json", "utf-8") },
        };
        return await SendJsonAsync(http, request, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Sends a request and returns the JSON of the response.</summary>
    /// <param name="http">Client that sends the request.</param>
    /// <param name="request">Request with method, address, headers and content. The caller disposes it.</param>
    /// <param name="cancellationToken">Cancels the request and the waits between attempts.</param>
    /// <inheritdoc cref="GetJsonAsync"/>
    public static async Task<JsonValue> SendJsonAsync(
        this HttpClient http, HttpRequestMessage request, CancellationToken cancellationToken = default) =>
        (await SendAsync(http, request, mayBeMissing: false, cancellationToken).ConfigureAwait(false))!;

    private static HttpRequestMessage Request(HttpClient http, HttpMethod method, string url)
    {
        ArgumentException.ThrowIfNullOrEmpty(url);
        var isPath = url[0] == '/' && !url.StartsWith("//", StringComparison.Ordinal);   // on Unix a Uri would read it as a file path
        var isAddress = Uri.TryCreate(url, isPath ? UriKind.Relative : UriKind.RelativeOrAbsolute, out var address);
        if (!isAddress || (!address!.IsAbsoluteUri && http.BaseAddress is null))
        {
            var end = url.AsSpan().IndexOfAny("?#");
            var shown = SafeUrl.Of(end < 0 ? url : url[..(end + 1)] + "…");   // queries may contain keys
            throw new ApiException(
                $"'{shown}' is not an absolute address. Nothing of this run was loaded, and the state is as before. "
                + "Write it with https:// and the host, or set context.Http.BaseAddress.")
            { Url = shown };
        }

        return new(method, address);
    }

    private static async Task<JsonValue?> SendAsync(
        HttpClient http, HttpRequestMessage request, bool mayBeMissing, CancellationToken cancellationToken)
    {
        var call = ApiCall.Begin(request, readsBody: true);
        try
        {
            using var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken)
                .ConfigureAwait(false);
            if (mayBeMissing && IsMissing(answer.StatusCode)) return null;
            if (answer.IsSuccessStatusCode) return await ReadAsync(call, answer, cancellationToken).ConfigureAwait(false);
            var said = await SaidAsync(call, answer, cancellationToken).ConfigureAwait(false);
            throw ApiErrors.Answered(call, answer.StatusCode, answer.ReasonPhrase, said);
        }
        catch (RequestFailedException error)
        {
            throw error.ToApiException();
        }
        catch (Exception error) when (error is not DltException && !cancellationToken.IsCancellationRequested
            && RequestFailure.Of(error, null) is { } failure)
        {
            // The program sent the request with its own client.
            throw new RequestFailedException(call, failure).ToApiException();
        }
    }

    private static async Task<JsonValue> ReadAsync(ApiCall call, HttpResponseMessage answer, CancellationToken cancellationToken)
    {
        var type = answer.Content.Headers.ContentType;
        var isOtherCharset = type?.CharSet is { } charset && !charset.Trim('"').Equals("utf-8", StringComparison.OrdinalIgnoreCase);
        var body = isOtherCharset
            ? Encoding.UTF8.GetBytes(await answer.Content.ReadAsStringAsync(cancellationToken).ConfigureAwait(false))
            : await answer.Content.ReadAsByteArrayAsync(cancellationToken).ConfigureAwait(false);
        if (answer.StatusCode == HttpStatusCode.NoContent) throw ApiErrors.NotJson(call, answer.StatusCode, null);
        try
        {
            return JsonParser.Parse(body, call.Url);
        }
        catch (JsonFormatException) when (IsMarkup(body))
        {
            throw ApiErrors.NotJson(call, answer.StatusCode, type?.MediaType ?? "none");
        }
        catch (JsonFormatException error) when (type?.MediaType is { } media && !media.Contains("json", StringComparison.OrdinalIgnoreCase))
        {
            throw ApiErrors.NotJson(call, answer.StatusCode, media, error);
        }
    }

    private static bool IsMissing(HttpStatusCode status) =>
        status is HttpStatusCode.NotFound or HttpStatusCode.Gone or HttpStatusCode.NoContent;

    private static bool IsMarkup(ReadOnlySpan<byte> body) =>
        (body.StartsWith("\ufeff"u8) ? body[3..] : body).TrimStart(" \t\r\n"u8) is [(byte)'<', ..];

    /// <summary>Returns the beginning of an error's body, if the settings show it.</summary>
    internal static async Task<string> SaidAsync(ApiCall call, HttpResponseMessage answer, CancellationToken cancellationToken)
    {
        if (call.ShownBody == 0) return "";
        var stream = await answer.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        using var reader = new StreamReader(stream, Encoding.UTF8);
        var text = new char[call.ShownBody + 1];
        var length = await reader.ReadBlockAsync(text, cancellationToken).ConfigureAwait(false);
        var shown = length > call.ShownBody ? new string(text, 0, call.ShownBody) + "…" : new string(text, 0, length);
        return $", and said: {shown}";
    }
}
