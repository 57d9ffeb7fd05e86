using System.Globalization;
using System.Net;

namespace Dlt.Sources.Http;

/// <summary>
/// Creates the errors of failed requests. They name the request, the result and the next step, and contain no values of headers or queries.
/// </summary>
internal static class ApiErrors
{
    private const string State = "Nothing of this run was loaded, and the state is as before.";
    private const string Runtime = "in the section [runtime] of .dlt/config.toml";

    /// <summary>Returns the message for a request without a response.</summary>
    public static string NoAnswer(ApiCall call, RequestFailure failure) => string.Create(
        CultureInfo.InvariantCulture,
        $"{call.Title} failed: {failure.What} ({call.Attempts} of {call.MaxAttempts} attempts). {State} {failure.Advice}");

    /// <summary>Creates the error for a response with an error status.</summary>
    /// <param name="call">Record of the request.</param>
    /// <param name="status">Status of the last response.</param>
    /// <param name="reason">Reason phrase of the status.</param>
    /// <param name="said">Beginning of the body, if the settings show it. It may contain secrets.</param>
    /// <param name="inner">Exception that the program threw; null for none.</param>
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

    /// <summary>Creates the error for a response that is not JSON.</summary>
    public static ApiException NotJson(ApiCall call, HttpStatusCode status, string? mediaType, Exception? inner = null)
    {
        var what = status == HttpStatusCode.NoContent ? "without a body" : $"with the content type '{mediaType}' instead of JSON";
        var cause = inner is null ? "" : ": " + inner.Message.TrimEnd('.');
        return new(
            Text($"{call.Title} answered {(int)status} {what}{cause}. {State} ")
            + "Check the address: it may be a web page, or one that asks for a login. "
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
        HttpStatusCode.Unauthorized =>
            $"The API did not accept the credentials: {SentCredentials.Of(call.Attempt ?? call.Request)}. {State} {Where(call)}",
        HttpStatusCode.Forbidden =>
            $"The API does not allow this with the credentials sent: {SentCredentials.Of(call.Attempt ?? call.Request)}. {State} "
            + Where(call),
        HttpStatusCode.ProxyAuthenticationRequired =>
            $"The proxy requires a login. {State} Write user and password into the environment variable HTTPS_PROXY.",
        HttpStatusCode.NotFound => $"{State} Check the address.",
        HttpStatusCode.TooManyRequests =>
            $"{Asked(call)}{State} Run again later, ask less often, or raise request_max_attempts "
            + $"and request_max_retry_delay (seconds) {Runtime}.",
        >= HttpStatusCode.InternalServerError =>
            $"{Asked(call)}{State} The server failed: run again later, or raise request_max_attempts {Runtime}.",
        >= HttpStatusCode.BadRequest when call.ShownBody == 0 =>
            $"{State} Check address, parameters and body; http_show_error_body = true {Runtime} shows the API's message.",
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
