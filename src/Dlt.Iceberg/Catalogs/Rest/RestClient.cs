using System.Globalization;
using System.Net.Http.Headers;
using Dlt.Internal;

namespace Dlt.Iceberg;

/// <summary>Answer of a REST catalog.</summary>
/// <param name="Status">HTTP status; 0 when there was no answer.</param>
/// <param name="Body">JSON body; <c>{}</c> for none.</param>
internal sealed record RestAnswer(int Status, JsonValue Body)
{
    public bool IsSuccess => Status is >= 200 and < 300;

    /// <summary>True when the server may or may not have carried out the call (docs/spec/iceberg.md 9.2).</summary>
    public bool IsUnknown => Status is 0 or 500 or 502 or 504;

    /// <summary>Error message of the server, or else the HTTP status.</summary>
    public string Message
    {
        get
        {
            if (Body.Kind == JsonKind.Object && Body["error"] is { Kind: JsonKind.Object } error
                && error["message"] is { Kind: JsonKind.String } message) return message.AsString();
            return Status == 0 ? "there was no answer" : string.Create(CultureInfo.InvariantCulture, $"HTTP {Status}");
        }
    }
}

/// <summary>Sends calls of the REST protocol with their tokens, retries them, and returns errors as answers
/// (docs/spec/iceberg.md 9).</summary>
/// <param name="uri">Address of the server, without <c>/v1</c>.</param>
/// <param name="options">Login, headers and handler.</param>
/// <param name="waits">Waits between attempts and logs them.</param>
internal sealed class RestClient(Uri uri, RestCatalogOptions options, RetryWaits waits) : IDisposable
{
    private readonly ServiceEndpoint _endpoint = new("The catalog", waits);
    private readonly HttpClient _http = options.Handler is { } handler ? new HttpClient(handler, disposeHandler: false) : new HttpClient();
    private readonly SemaphoreSlim _tokenLock = new(1);
    private string? _token = options.Token;
    private DateTimeOffset _tokenEnd = DateTimeOffset.MaxValue;

    /// <summary>Address of the token endpoint. The catalog sets it once the configuration of the server is known.</summary>
    public Uri TokenUri { get; set; } = options.OAuth2ServerUri ?? At(uri, "v1/oauth/tokens");

    /// <summary>Calls a path below the address of the server.</summary>
    /// <param name="method">HTTP method.</param>
    /// <param name="path">Encoded path with its query.</param>
    /// <param name="body">JSON body; null for none.</param>
    /// <param name="idempotencyKey">
    /// Key by which the server recognizes a repeated call, so a call without an answer can be sent again; null if it does not support keys.
    /// </param>
    /// <param name="cancellationToken">Cancels the call.</param>
    public async Task<RestAnswer> CallAsync(
        HttpMethod method, string path, JsonValue? body, string? idempotencyKey, CancellationToken cancellationToken)
    {
        var isRenewed = false;
        var call = Begin(method, path);
        while (true)
        {
            using var request = await RequestAsync(method, path, body, cancellationToken).ConfigureAwait(false);
            if (idempotencyKey is not null) request.Headers.TryAddWithoutValidation("Idempotency-Key", idempotencyKey);
            var (answer, wait) = await SendAsync(call, request, cancellationToken).ConfigureAwait(false);
            if (answer.Status is 401 or 419 && options.Credential is not null && !isRenewed)
            {
                isRenewed = true;
                _token = null;
                continue;
            }

            // With 429 and 503 the server did not carry out the call.
            var mayBeSentAgain = answer.Status is 429 or 503
                || (answer.IsUnknown && (idempotencyKey is not null || method == HttpMethod.Get));
            if (!mayBeSentAgain || !call.HasAttemptsLeft) return answer;
            await call.WaitAsync(new HttpRequestException(answer.Message), wait, cancellationToken).ConfigureAwait(false);
        }
    }

    public void Dispose()
    {
        _http.Dispose();
        _tokenLock.Dispose();
    }

    private static Uri At(Uri root, string path) => new(root.AbsoluteUri.TrimEnd('/') + "/" + path);

    private static JsonValue Error(string message) => JsonValue.Object(("error", JsonValue.Object(("message", JsonValue.String(message)))));

    private static async Task<JsonValue> BodyAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        try
        {
            var bytes = await response.Content.ReadAsByteArrayAsync(cancellationToken).ConfigureAwait(false);
            return bytes.Length > 0 && JsonValue.Parse(bytes) is { Kind: JsonKind.Object } body ? body : JsonValue.EmptyObject;
        }
        catch (JsonFormatException)
        {
            return JsonValue.EmptyObject;   // the page of a proxy: the caller reports the missing member
        }
    }

    private ServiceCall Begin(HttpMethod method, string path)
    {
        _endpoint.SetAddress(uri);
        return _endpoint.Begin($"{method} {path.Split('?')[0]}");
    }

    /// <summary>Sends one attempt of a call.</summary>
    /// <returns>The answer, and the wait that the server asks for; null for none.</returns>
    private async Task<(RestAnswer Answer, TimeSpan? Wait)> SendAsync(
        ServiceCall call, HttpRequestMessage request, CancellationToken cancellationToken)
    {
        try
        {
            var answer = await call.AttemptAsync(token => SendAsync(request, token), isLarge: false, cancellationToken)
                .ConfigureAwait(false);
            // These statuses may come from a proxy that does not reach the server.
            if (answer.Answer.Status is not (502 or 503 or 504)) _endpoint.MarkAnswered();
            return answer;
        }
        catch (Exception error) when (error is HttpRequestException or IOException or TimeoutException
            && !cancellationToken.IsCancellationRequested)
        {
            var times = call.Attempt == 1 ? "time" : "times";
            var message = string.Create(
                CultureInfo.InvariantCulture,
                $"{Failure.Cause(error).TrimEnd('.')} (tried {call.Attempt} {times} in {call.Elapsed.TotalSeconds:0.0} s)");
            return (new(0, Error(message)), null);
        }
    }

    private async Task<(RestAnswer Answer, TimeSpan? Wait)> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        using var response = await _http.SendAsync(request, cancellationToken).ConfigureAwait(false);
        var body = await BodyAsync(response, cancellationToken).ConfigureAwait(false);
        var after = response.Headers.RetryAfter;
        return (new((int)response.StatusCode, body), after?.Delta ?? (after?.Date - waits.Time.GetUtcNow()));
    }

    private async Task<HttpRequestMessage> RequestAsync(
        HttpMethod method, string path, JsonValue? body, CancellationToken cancellationToken)
    {
        var request = new HttpRequestMessage(method, At(uri, path));
        foreach (var (name, value) in options.Headers) request.Headers.TryAddWithoutValidation(name, value);
        if (options.OpenStore is not null) request.Headers.TryAddWithoutValidation("X-Iceberg-Access-Delegation", "vended-credentials");
        if (await TokenAsync(cancellationToken).ConfigureAwait(false) is { } token)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        if (body is null) return request;
        request.Content = new ByteArrayContent(JsonText.WriteUtf8(body));
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        return request;
    }

    private async Task<string?> TokenAsync(CancellationToken cancellationToken)
    {
        if (options.Credential is null) return _token;
        await _tokenLock.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (_token is not null && waits.Time.GetUtcNow() < _tokenEnd) return _token;
            return _token = await FetchTokenAsync(options.Credential, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _tokenLock.Release();
        }
    }

    private async Task<string> FetchTokenAsync(string credential, CancellationToken cancellationToken)
    {
        var colon = credential.IndexOf(':', StringComparison.Ordinal);
        var form = new Dictionary<string, string>
        {
            ["grant_type"] = "client_credentials",
            ["client_secret"] = credential[(colon + 1)..],
            ["scope"] = options.Scope,
        };
        if (colon > 0) form["client_id"] = credential[..colon];
        _endpoint.SetAddress(TokenUri);
        var call = _endpoint.Begin("the fetch of a token");
        while (true)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, TokenUri) { Content = new FormUrlEncodedContent(form) };
            var (answer, wait) = await SendAsync(call, request, cancellationToken).ConfigureAwait(false);
            if (answer.IsSuccess && answer.Body["access_token"] is { Kind: JsonKind.String } token)
            {
                // The token is renewed before it expires, so it does not expire during a call.
                var seconds = answer.Body["expires_in"] is { Kind: JsonKind.Integer } expires ? expires.AsInt64() : 3600;
                _tokenEnd = waits.Time.GetUtcNow().AddSeconds(seconds * 0.9);
                return token.AsString();
            }

            var isTransient = answer.IsUnknown || answer.Status is 429 or 503;
            if (!isTransient || !call.HasAttemptsLeft)
            {
                var reason = answer.Status == 0 ? answer.Message : string.Create(CultureInfo.InvariantCulture, $"HTTP {answer.Status}");
                throw new IcebergException(
                    IcebergError.Refused,
                    $"{SafeUrl.Of(TokenUri)} did not issue a token: {reason}. Nothing was changed. "
                    + $"Check the credential (client-id:secret), the scope '{options.Scope}' and the address.")
                { IsTransient = isTransient };
            }

            await call.WaitAsync(new HttpRequestException(answer.Message), wait, cancellationToken).ConfigureAwait(false);
        }
    }
}
