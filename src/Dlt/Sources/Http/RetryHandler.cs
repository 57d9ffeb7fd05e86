using System.Net;
using Dlt.Retries;
using Dlt.Settings;

namespace Dlt.Sources.Http;

/// <summary>
/// Sends a request again where that may help: after 429 and 5xx, broken connections and timeouts; a <c>Retry-After</c> takes the place of
/// the computed wait (docs/spec/pipeline.md 11.5).
/// Requests that are not idempotent (POST, PATCH) are repeated only where the server did nothing: after 429 and 503, and before there was a
/// connection.
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

    /// <summary>The last answer with an error status that was handed out, and the notes of its request.</summary>
    public (ApiCall Call, HttpStatusCode Status, string? Reason)? LastError { get; private set; }

    /// <exception cref="RequestFailedException">There was no answer, however often it was tried.</exception>
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var call = ApiCall.Of(request);
        (call.MaxAttempts, call.ShownBody, call.Source, call.Secrets) = (settings.MaxAttempts, settings.ShownBody, source, secrets());
        if (request.Content is { } content) await content.LoadIntoBufferAsync(cancellationToken).ConfigureAwait(false);
        var begun = waits.Time.GetTimestamp();
        for (var attempt = 1; ; attempt++)
        {
            call.Attempts = attempt;
            var sent = RequestCopy.Of(request);   // not disposed: its content is sent again
            var (answer, failure) = await AttemptAsync(call, sent, cancellationToken).ConfigureAwait(false);
            if (answer is not null) hosts.Add(request.RequestUri!);
            call.AskedWait = answer is null ? null : RetryAfter.Of(answer, waits.Time);
            var isWorthIt = answer is null ? failure!.MayPass(request.Method) : RetryRules.MayPass(answer.StatusCode, request.Method);
            if (!RetryRules.IsIdempotent(request.Method) && RequestCopy.WasRedirected(request, sent)) isWorthIt = false;   // it was done
            var wait = _policy.Wait(attempt, call.AskedWait);
            var untilNext = waits.Time.GetElapsedTime(begun) + wait;
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

    /// <param name="call">The call.</param>
    /// <param name="sent">A copy of its request: redirects change what is sent, and drop its login.</param>
    /// <param name="cancellationToken">Stops.</param>
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
            if (call.ReadsBody && answer.IsSuccessStatusCode)
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
