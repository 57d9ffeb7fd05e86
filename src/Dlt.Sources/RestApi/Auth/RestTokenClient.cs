using Dlt.Sources.Http;

namespace Dlt.Sources.Rest;

/// <summary>Sends requests for tokens, with retries and the pace of the API, and without credentials of their own.</summary>
internal sealed class RestTokenClient(RestRun run)
{
    private readonly HttpClient _http = run.CreateClient(
        "'auth': client_id, client_secret or private_key, and the address of the token endpoint");

    /// <summary>Sends a request.</summary>
    /// <exception cref="ApiException">The endpoint refused, or there was no answer.</exception>
    public async Task<RestAnswer> SendAsync(RestRequest request, CancellationToken cancellationToken)
    {
        using var message = RestMessage.Create(request, RestMessage.UrlOf(request));
        var call = ApiCall.Begin(new ApiCall(message)
        {
            ReadsBody = true,
            RepeatsAll = true,
            Place = "The request for a token",
            BeforeAttempt = (attempt, stop) => run.Pace.WaitAsync(attempt.RequestUri!, stop),
            AskedToWait = wait => run.Pace.Hold(message.RequestUri!, wait),
        });
        try
        {
            using var answer = await _http.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, cancellationToken)
                .ConfigureAwait(false);
            if (!answer.IsSuccessStatusCode) throw ApiErrors.Answered(call, answer.StatusCode, answer.ReasonPhrase);
            var body = await RestBody.ReadAsync(answer.Content, cancellationToken).ConfigureAwait(false);
            return new(call.Url, (int)answer.StatusCode, answer.Headers, body);
        }
        catch (RequestFailedException error)
        {
            throw error.ToApiException();
        }
        catch (InvalidDataException error)
        {
            throw RestErrors.Unreadable(call, 200, error);
        }
    }
}
