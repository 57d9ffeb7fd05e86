using System.Net;
using Dlt.Internal;
using Dlt.Settings;

namespace Dlt.Sources.Http;

/// <summary>
/// Repeats requests that failed temporarily: after 429 and 5xx, broken connections and timeouts. <c>Retry-After</c> replaces the computed
/// wait (docs/spec/pipeline.md 11.5). Requests that are not idempotent (POST, PATCH) are repeated only if the server did not process them:
/// after 429 and 503, and when no connection was established; <see cref="ApiCall.RepeatsAll"/> makes all requests idempotent.
/// </summary>
internal sealed class RetryHandler(
    RequestSettings settings, RetryWaits waits, ReachedHosts hosts, string source, Func<IReadOnlyCollection<string>> secrets)
    : DelegatingHandler
{
    private readonly RetryPolicy _policy = new()
    {
        Attempts = settings.MaxAttempts,
        FirstWait = TimeSpan.FromSeconds(settings.BackoffFactor),
        MaxWait = settings.MaxDelay,
        MaxRequestedWait = settings.MaxDelay,
    };

    /// <summary>The last response with an error status that was returned, and the record of its request.</summary>
    public (ApiCall Call, HttpStatusCode Status, string? Reason)? LastError { get; private set; }

    /// <exception cref="RequestFailedException">No attempt got a response.</exception>
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var call = ApiCall.Of(request);
        call.MaxAttempts = settings.MaxAttempts;
        call.ShownBody = settings.ShownBody;
        call.Source = source;
        call.Secrets = secrets();
        if (request.Content is { } content) await content.LoadIntoBufferAsync(cancellationToken).ConfigureAwait(false);
        var started = waits.Time.GetTimestamp();
        for (var attempt = 1; ; attempt++)
        {
            call.Attempts = attempt;
            var sent = RequestCopy.Of(request);   // not disposed, because its content is sent again
            if (call.BeforeAttempt is { } prepare)
            {
                await prepare(sent, cancellationToken).ConfigureAwait(false);
                call.Attempt = sent;
            }

            var (answer, failure) = await AttemptAsync(call, sent, cancellationToken).ConfigureAwait(false);
            if (answer is not null) hosts.Add(request.RequestUri!);
            call.AskedWait = answer is null ? null : RetryAfter.Of(answer, waits.Time);
            var isIdempotent = call.RepeatsAll || RetryRules.IsIdempotent(request.Method);
            var isWorthIt = answer is null ? failure!.MayPass(isIdempotent) : RetryRules.MayPass(answer.StatusCode, isIdempotent);
            if (isWorthIt && answer is not null && await IsAcceptedAsync(call, answer).ConfigureAwait(false)) return answer;
            if (!isIdempotent && RequestCopy.WasRedirected(request, sent))
                isWorthIt = false;   // the server processed it
            var wait = _policy.Wait(attempt, call.AskedWait);
            if (call.AskedWait is not null) call.AskedToWait?.Invoke(wait);
            var untilNext = waits.Time.GetElapsedTime(started) + wait;
            var isGivenUp = failure is { HasNoConnection: true } && hosts.IsGivenUp(request.RequestUri!, untilNext);
            if (!isWorthIt || isGivenUp || attempt >= settings.MaxAttempts)
            {
                if (answer is null) throw new RequestFailedException(call, failure!);
                if (!answer.IsSuccessStatusCode) LastError = (call, answer.StatusCode, answer.ReasonPhrase);
                return answer;
            }

            var what = answer is null
                ? $"{call.Title} failed: {failure!.What}"
                : $"{call.Title} answered {(int)answer.StatusCode} {answer.ReasonPhrase}";
            answer?.Dispose();
            await waits.WaitAsync(what, attempt, settings.MaxAttempts, wait, cancellationToken).ConfigureAwait(false);
        }
    }

    private static async Task<bool> IsAcceptedAsync(ApiCall call, HttpResponseMessage answer) =>
        call.Accepts is { } accepts && await accepts(answer).ConfigureAwait(false);

    /// <summary>Sends a request once, with the timeout of the settings.</summary>
    /// <param name="call">Record of the request.</param>
    /// <param name="sent">Copy of the request, because redirects change the message and drop its Authorization header.</param>
    /// <param name="cancellationToken">Cancels the attempt.</param>
    private async Task<(HttpResponseMessage? Answer, RequestFailure? Failure)> AttemptAsync(
        ApiCall call, HttpRequestMessage sent, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(settings.Timeout);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        HttpResponseMessage? answer = null;
        try
        {
            answer = await base.SendAsync(sent, both.Token).ConfigureAwait(false);
            answer.Content = new TimedContent(answer.Content, settings.Timeout);
            if (call.ReadsBody && (answer.IsSuccessStatusCode || call.Accepts is not null))
                await answer.Content.LoadIntoBufferAsync(cancellationToken).ConfigureAwait(false);
            return (answer, null);
        }
        catch (Exception error) when (!cancellationToken.IsCancellationRequested
            && RequestFailure.Of(error, limit.IsCancellationRequested ? settings.Timeout : null) is { } failure)
        {
            answer?.Dispose();
            return (null, failure);
        }
        catch
        {
            answer?.Dispose();
            throw;
        }
    }
}
