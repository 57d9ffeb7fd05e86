using System.Globalization;
using System.Net;
using Dlt.Configuration;

namespace Dlt.Sources.Http;

/// <summary>
/// Words for requests that failed: what was asked, how it ended, what to do. Neither values of headers nor of queries are among them.
/// </summary>
internal static class ApiErrors
{
    private const string State = "Nothing of this run was loaded, and the state is as before.";
    private const string Runtime = "in the section [runtime] of .dlt/config.toml";

    /// <summary>The text for a request without an answer.</summary>
    public static string NoAnswer(ApiCall call, RequestFailure failure) => string.Create(
        CultureInfo.InvariantCulture,
        $"{call.Title} failed: {failure.What} ({call.Attempts} of {call.MaxAttempts} attempts). {State} {failure.Advice}");

    /// <summary>The error for an answer with an error status.</summary>
    /// <param name="call">The request.</param>
    /// <param name="status">The last status.</param>
    /// <param name="reason">Its text.</param>
    /// <param name="said">The beginning of the body, where the settings ask for it: it may hold secrets.</param>
    /// <param name="inner">What the program threw, if it did.</param>
    public static ApiException Answered(ApiCall call, HttpStatusCode status, string? reason, string said = "", Exception? inner = null)
    {
        var code = (int)status;
        var tries = call.Attempts > 1 ? Text($" after {call.Attempts} of {call.MaxAttempts} attempts") : "";
        var title = Text($"{call.Title} answered {code}{(string.IsNullOrEmpty(reason) ? "" : " " + reason)}{tries}{said}");
        return new($"{title}. {Advice(call, status)}", inner)
        {
            Url = call.Url,
            StatusCode = code,
            Attempts = call.Attempts,
            IsTransient = code is 429 or >= 500,
        };
    }

    /// <summary>The error for an answer that is something other than JSON.</summary>
    public static ApiException NotJson(ApiCall call, HttpStatusCode status, string? mediaType, Exception? inner = null)
    {
        var what = status == HttpStatusCode.NoContent ? "without a body" : $"with the content type '{mediaType}' instead of JSON";
        return new(
            Text($"{call.Title} answered {(int)status} {what}{(inner is null ? "" : ": " + inner.Message.TrimEnd('.'))}. {State} ")
            + "Check the address: it may be a page for people, or one that asks for a login. "
            + "If it is right, ask for JSON: context.Http.DefaultRequestHeaders.Accept.ParseAdd(\"application/json\").",
            inner)
        {
            Url = call.Url,
            StatusCode = (int)status,
            Attempts = call.Attempts,
        };
    }

    private static string Advice(ApiCall call, HttpStatusCode status) => status switch
    {
        HttpStatusCode.Unauthorized => $"The API did not accept the credentials: {SentCredentials.Of(call.Request)}. {State} {Where(call)}",
        HttpStatusCode.Forbidden =>
            $"The API does not allow this with the credentials at hand: {SentCredentials.Of(call.Request)}. {State} {Where(call)}",
        HttpStatusCode.ProxyAuthenticationRequired =>
            $"The proxy wants a login. {State} Write user and password into the environment variable HTTPS_PROXY.",
        HttpStatusCode.NotFound => $"{State} Check the address.",
        HttpStatusCode.TooManyRequests =>
            $"{Asked(call)}{State} Run again later, ask less often, or raise request_max_attempts "
            + $"and request_max_retry_delay (seconds) {Runtime}.",
        >= HttpStatusCode.InternalServerError =>
            $"{Asked(call)}{State} It is the server that failed: run again later, or raise request_max_attempts {Runtime}.",
        >= HttpStatusCode.BadRequest when call.ShownBody == 0 =>
            $"{State} Check address, parameters and body; http_show_error_body = true {Runtime} shows what the API says.",
        >= HttpStatusCode.BadRequest => $"{State} Check address, parameters and body.",
        _ => $"{State} Check the address.",
    };

    private static string Asked(ApiCall call) =>
        call.AskedWait is { } wait ? Text($"It asked to wait {Math.Ceiling(wait.TotalSeconds)} s. ") : "";

    private static string Text(FormattableString text) => FormattableString.Invariant(text);

    private static string Where(ApiCall call)
    {
        if (call.Secrets.Count > 0) return $"Check {string.Join(" and ", call.Secrets)}.";
        return $"Write the credentials into .dlt/secrets.toml ([sources.{call.Source ?? "<source>"}], api_key = \"…\"), "
            + "read them with context.Settings.GetSecret<string>(\"api_key\"), "
            + "and send them, as in: context.Http.DefaultRequestHeaders.Authorization = new(\"Bearer\", key).";
    }
}
