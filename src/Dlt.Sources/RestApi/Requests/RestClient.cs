using System.Net;
using Dlt.Sources.Http;

namespace Dlt.Sources.Rest;

/// <summary>Sends the requests of one resource: with credentials, cookies, retries, redirects and response actions.</summary>
internal sealed class RestClient
{
    private const int MaxRedirects = 20;

    private readonly RestRun _run;
    private readonly HttpClient _http;
    private readonly RestCredentials? _credentials;
    private readonly RestActions _actions;
    private readonly CookieContainer _cookies;
    private readonly Uri? _home;

    public RestClient(RestRun run, RestResourcePlan plan)
    {
        _run = run;
        _actions = new(plan.ResponseActions);
        _cookies = run.CookiesOf(plan.Name);
        _credentials = plan.Auth is null ? null : run.CredentialsOf(plan.Auth);
        _http = run.CreateClient(_credentials?.Title ?? "'auth', which the endpoint and the client do not have");
        _home = HomeOf(run.Plan.Client.BaseUrl, plan);
    }

    /// <summary>Sends a request.</summary>
    /// <param name="request">The request.</param>
    /// <param name="place">Place of the request, for errors.</param>
    /// <param name="validators">Headers of a conditional request; null for none.</param>
    /// <param name="cancellationToken">Cancels the request and the waits.</param>
    /// <returns>The answer and the address that gave it; null when a response action ignores it.</returns>
    /// <exception cref="ApiException">There was no answer, or one with an error status.</exception>
    public async Task<RestExchange?> SendAsync(
        RestRequest request, string place, RestValidators? validators, CancellationToken cancellationToken)
    {
        var (url, isGet) = (RestMessage.UrlOf(request), false);
        for (var redirects = 0; ; redirects++)
        {
            var (call, response) = await SendAuthorizedAsync(request, url, isGet, place, validators, cancellationToken)
                .ConfigureAwait(false);
            using (response)
            {
                if (NextUrl(url, response) is not { } next)
                {
                    var mayBeUnchanged = validators is not null;
                    return await ReadAsync(call, url, response, mayBeUnchanged, cancellationToken).ConfigureAwait(false);
                }

                if (redirects >= MaxRedirects) throw ApiErrors.Answered(call, response.StatusCode, "(too many redirects)");
                isGet |= TurnsIntoGet(response.StatusCode, request.Method);
                url = next;
            }
        }
    }

    private static Uri? HomeOf(string baseUrl, RestResourcePlan plan)
    {
        // A host that the path of the configuration names may have the credentials, a host that data name may not.
        var literal = plan.Path.Parts is [{ Placeholder: null, Literal: var text }, ..] && RestUrl.IsAbsolute(text) ? text : baseUrl;
        return Uri.TryCreate(literal, UriKind.Absolute, out var home) ? home : null;
    }

    /// <summary>Sends a message with credentials, and once more with new ones when the API refuses them.</summary>
    private async Task<(ApiCall Call, HttpResponseMessage Response)> SendAuthorizedAsync(
        RestRequest request, Uri url, bool isGet, string place, RestValidators? validators, CancellationToken cancellationToken)
    {
        var (call, response) = await SendOnceAsync(request, url, isGet, place, validators, cancellationToken).ConfigureAwait(false);
        if (response.StatusCode != HttpStatusCode.Unauthorized || call.Attempt is not { } refused || _credentials is null || !IsAtHome(url))
            return (call, response);
        if (_actions.Exist && _actions.Ignore(await AnswerAsync(call, response, cancellationToken).ConfigureAwait(false)))
            return (call, response);
        if (!await _credentials.RenewAsync(refused, cancellationToken).ConfigureAwait(false)) return (call, response);
        response.Dispose();
        return await SendOnceAsync(request, url, isGet, place, validators, cancellationToken).ConfigureAwait(false);
    }

    private async Task<(ApiCall Call, HttpResponseMessage Response)> SendOnceAsync(
        RestRequest request, Uri url, bool isGet, string place, RestValidators? validators, CancellationToken cancellationToken)
    {
        var message = RestMessage.Create(request, url, isGet);
        validators?.AddTo(message);
        if (!IsAtHome(url)) RemoveSecrets(message);
        if (_cookies.GetCookieHeader(url) is { Length: > 0 } cookies && !message.Headers.NonValidated.Contains("Cookie"))
            message.Headers.TryAddWithoutValidation("Cookie", cookies);
        ApiCall call = null!;
        call = ApiCall.Begin(new ApiCall(message)
        {
            ReadsBody = true,
            RepeatsAll = true,
            Place = place,
            Shown = shown => RestUrl.Shown(shown, IsSecret),
            Accepts = _actions.Exist
                ? async response => _actions.Ignore(await AnswerAsync(call, response, cancellationToken).ConfigureAwait(false))
                : null,
            BeforeAttempt = PrepareAsync,
            AskedToWait = wait => _run.Pace.Hold(url, wait),
        });
        try
        {
            var response = await _http.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, cancellationToken)
                .ConfigureAwait(false);
            KeepCookies(url, response);
            return (call, response);
        }
        catch (RequestFailedException error)
        {
            throw error.ToApiException();
        }
    }

    private async ValueTask PrepareAsync(HttpRequestMessage attempt, CancellationToken cancellationToken)
    {
        var url = attempt.RequestUri!;
        if (_credentials is not null && IsAtHome(url)) await _credentials.ApplyAsync(attempt, cancellationToken).ConfigureAwait(false);
        await _run.Pace.WaitAsync(url, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Applies the response actions to the answer, and makes an error of an error status.</summary>
    private async Task<RestExchange?> ReadAsync(
        ApiCall call, Uri url, HttpResponseMessage response, bool mayBeUnchanged, CancellationToken cancellationToken)
    {
        if (mayBeUnchanged && response.StatusCode == HttpStatusCode.NotModified)
            return new(new(call.Url, 304, response.Headers, default), url, call, null);
        if (!response.IsSuccessStatusCode && !_actions.Exist)
            throw await ErrorAsync(call, url, response, cancellationToken).ConfigureAwait(false);
        var answer = _actions.Apply(await AnswerAsync(call, response, cancellationToken).ConfigureAwait(false));
        if (answer is null) return null;
        if (answer.StatusCode >= 300) throw await ErrorAsync(call, url, response, cancellationToken).ConfigureAwait(false);
        return new(answer, url, call, response.Content.Headers.ContentType?.MediaType) { Validators = RestValidators.Of(response) };
    }

    private async Task<ApiException> ErrorAsync(ApiCall call, Uri url, HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var said = await HttpJsonExtensions.SaidAsync(call, response, cancellationToken).ConfigureAwait(false);
        if (response.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden && _credentials is not null && !IsAtHome(url))
            said += $", and it got no credentials because they are for {_home?.Authority}";
        return ApiErrors.Answered(call, response.StatusCode, response.ReasonPhrase, said);
    }

    private static async Task<RestAnswer> AnswerAsync(ApiCall call, HttpResponseMessage response, CancellationToken cancellationToken)
    {
        try
        {
            var body = await RestBody.ReadAsync(response.Content, cancellationToken).ConfigureAwait(false);
            return new(call.Url, (int)response.StatusCode, response.Headers, body);
        }
        catch (InvalidDataException error)
        {
            throw RestErrors.Unreadable(call, (int)response.StatusCode, error);
        }
    }

    private bool IsSecret(string parameter, string value) =>
        SentCredentials.IsSecretName(parameter) || _credentials?.IsSecretParameter(parameter) == true;

    private bool IsAtHome(Uri url) => _home is not null && RestUrl.SharesCredentials(_home, url);

    private static void RemoveSecrets(HttpRequestMessage message)
    {
        foreach (var name in message.Headers.NonValidated.Select(h => h.Key).Where(SentCredentials.IsSecretHeader).ToList())
            message.Headers.Remove(name);
    }

    private void KeepCookies(Uri url, HttpResponseMessage response)
    {
        if (!response.Headers.NonValidated.TryGetValues("Set-Cookie", out var values)) return;
        foreach (var value in values)
        {
            try
            {
                _cookies.SetCookies(url, value);
            }
            catch (CookieException)
            {
                // A cookie that browsers would drop, too.
            }
        }
    }

    private static Uri? NextUrl(Uri url, HttpResponseMessage response)
    {
        var isRedirect = response.StatusCode is HttpStatusCode.MovedPermanently or HttpStatusCode.Found or HttpStatusCode.SeeOther
            or HttpStatusCode.TemporaryRedirect or HttpStatusCode.PermanentRedirect;
        if (!isRedirect || !response.Headers.NonValidated.TryGetValues("Location", out var location)) return null;
        return RestUrl.Resolve(url, location.ToString(), "The address of a redirect");
    }

    private static bool TurnsIntoGet(HttpStatusCode status, HttpMethod method) => status == HttpStatusCode.SeeOther
        || (status is HttpStatusCode.MovedPermanently or HttpStatusCode.Found && method == HttpMethod.Post);
}
