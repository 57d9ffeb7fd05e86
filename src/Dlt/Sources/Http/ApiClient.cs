using System.Globalization;
using System.Net;
using Dlt.Configuration;
using Dlt.Json;
using Dlt.Settings;
using Polly;
using Polly.Retry;

namespace Dlt.Sources.Http;

/// <summary>GETs JSON with retries: 429 and 5xx, broken connections, timeouts; <c>Retry-After</c> is honoured (dlt documentation, Requests helper).</summary>
public sealed class ApiClient : IDisposable
{
    private readonly HttpClient _http;
    private readonly ResiliencePipeline<HttpResponseMessage> _retries;
    private readonly int _maxAttempts;
    private readonly int _shownBody;

    /// <summary>A client with the settings of the <c>runtime</c> section.</summary>
    public ApiClient(DltConfiguration configuration, TimeProvider? time = null, HttpMessageHandler? handler = null)
    {
        var settings = RequestSettings.Read(configuration);
        _maxAttempts = settings.MaxAttempts;
        _shownBody = settings.ShownBody;
        var clock = time ?? TimeProvider.System;
        _http = handler is null
            ? new HttpClient(new SocketsHttpHandler { AutomaticDecompression = DecompressionMethods.All, PooledConnectionLifetime = TimeSpan.FromMinutes(5) })
            : new HttpClient(handler);
        _http.Timeout = settings.Timeout;
        _http.DefaultRequestHeaders.UserAgent.ParseAdd("dlt-dotnet/0.1");
        var builder = new ResiliencePipelineBuilder<HttpResponseMessage> { TimeProvider = clock };
        if (_maxAttempts > 1)
        {
            builder.AddRetry(new RetryStrategyOptions<HttpResponseMessage>
            {
                MaxRetryAttempts = _maxAttempts - 1,
                ShouldHandle = arguments => ValueTask.FromResult(IsWorthTryingAgain(arguments.Outcome)),
                DelayGenerator = arguments => ValueTask.FromResult<TimeSpan?>(Delay(arguments, settings.BackoffFactor, settings.MaxDelay, clock)),
                OnRetry = arguments =>
                {
                    arguments.Outcome.Result?.Dispose();
                    return default;
                },
            });
        }

        _retries = builder.Build();
    }

    /// <summary>The JSON of an answer.</summary>
    /// <exception cref="ApiException">An error status that lasted, or no answer.</exception>
    /// <exception cref="JsonFormatException">The answer is not JSON; the message names the URL and the place.</exception>
    public async Task<JsonValue> GetJsonAsync(string url, CancellationToken cancellationToken = default) =>
        await TryGetJsonAsync(url, cancellationToken).ConfigureAwait(false)
        ?? throw new ApiException($"GET {SafeUrl.Of(url)} answered 404. Nothing of this run was loaded; check the address.") { Url = SafeUrl.Of(url), StatusCode = 404, Attempts = 1 };

    /// <summary>The JSON of an answer; null for status 404.</summary>
    /// <exception cref="ApiException">Another error status that lasted, or no answer.</exception>
    /// <exception cref="JsonFormatException">The answer is not JSON; the message names the URL and the place.</exception>
    public async Task<JsonValue?> TryGetJsonAsync(string url, CancellationToken cancellationToken = default)
    {
        var body = await SendAsync(url, cancellationToken).ConfigureAwait(false);
        return body is null ? null : JsonParser.Parse(body, SafeUrl.Of(url));
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private static bool IsWorthTryingAgain(Outcome<HttpResponseMessage> outcome) => outcome switch
    {
        { Exception: HttpRequestException or IOException } => true,
        { Exception: TaskCanceledException { InnerException: TimeoutException } } => true,
        { Result: { } answer } => answer.StatusCode == HttpStatusCode.TooManyRequests || (int)answer.StatusCode >= 500,
        _ => false,
    };

    private static TimeSpan Delay(RetryDelayGeneratorArguments<HttpResponseMessage> arguments, double factor, TimeSpan maxDelay, TimeProvider clock)
    {
        if (arguments.Outcome.Result?.Headers.RetryAfter is { } after)
        {
            var asked = after.Delta ?? (after.Date is { } date ? date - clock.GetUtcNow() : TimeSpan.Zero);
            if (asked > TimeSpan.Zero) return asked < maxDelay ? asked : maxDelay;
        }

        var seconds = factor * Math.Pow(2, arguments.AttemptNumber);
        return seconds < maxDelay.TotalSeconds ? TimeSpan.FromSeconds(seconds) : maxDelay;
    }

    /// <summary>The beginning of an error's body, where the settings ask for it: it may hold secrets.</summary>
    private async Task<string> BodyOfAsync(HttpResponseMessage answer, CancellationToken cancellationToken)
    {
        if (_shownBody == 0) return "";
        var body = await answer.Content.ReadAsStringAsync(cancellationToken).ConfigureAwait(false);
        return $", and said: {(body.Length > _shownBody ? body[.._shownBody] + "…" : body)}";
    }

    private async Task<byte[]?> SendAsync(string url, CancellationToken cancellationToken)
    {
        var shown = SafeUrl.Of(url);
        var attempts = 0;
        byte[]? body = null;
        try
        {
            using var answer = await _retries.ExecuteAsync(
                async token =>
                {
                    attempts++;
                    var response = await _http.GetAsync(url, token).ConfigureAwait(false);
                    if (response.IsSuccessStatusCode) body = await response.Content.ReadAsByteArrayAsync(token).ConfigureAwait(false);
                    return response;
                },
                cancellationToken).ConfigureAwait(false);
            if (answer.StatusCode == HttpStatusCode.NotFound) return null;
            if (!answer.IsSuccessStatusCode)
            {
                var said = await BodyOfAsync(answer, cancellationToken).ConfigureAwait(false);
                throw new ApiException(string.Create(
                    CultureInfo.InvariantCulture,
                    $"GET {shown} answered {(int)answer.StatusCode} {answer.ReasonPhrase} after {attempts} of {_maxAttempts} attempts{said}. Nothing of this run was loaded, and the state is as before. Try again later, or check the address."))
                { Url = shown, StatusCode = (int)answer.StatusCode, Attempts = attempts, IsTransient = (int)answer.StatusCode is 429 or >= 500 };
            }

            return body;
        }
        catch (Exception error) when (error is HttpRequestException or IOException || (error is TaskCanceledException && !cancellationToken.IsCancellationRequested))
        {
            var what = error is TaskCanceledException ? string.Create(CultureInfo.InvariantCulture, $"no answer within {_http.Timeout.TotalSeconds} s") : error.Message;
            throw new ApiException(string.Create(
                CultureInfo.InvariantCulture,
                $"GET {shown} failed: {what} ({attempts} of {_maxAttempts} attempts). Nothing of this run was loaded, and the state is as before. Check the network and the address."), error)
            { Url = shown, Attempts = attempts, IsTransient = true };
        }
    }
}
