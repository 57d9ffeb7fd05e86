using System.Text;
using Dlt.Sources.Http;

namespace Dlt.Sources.Rest;

/// <summary>Errors of answers that cannot be read. They name the request and show no secrets.</summary>
internal static class RestErrors
{
    private const string State = "Nothing of this run was loaded, and the state is as before.";
    private const int ShownLetters = 120;
    private const int SearchedBytes = 8192;

    /// <summary>Creates the error for a body that is not what its headers say.</summary>
    public static ApiException Unreadable(ApiCall call, int status, InvalidDataException error) => new(
        FormattableString.Invariant($"{call.Title} answered {status}, but {error.Message}. {State} ")
        + "Check the API: the body does not match its headers.", error)
    { Url = call.Url, StatusCode = status, Attempts = call.Attempts };

    /// <summary>Creates the error for a body that is not JSON.</summary>
    /// <param name="call">Record of the request.</param>
    /// <param name="answer">The answer.</param>
    /// <param name="mediaType">Content type of the answer; null for none.</param>
    /// <param name="error">Error of the parser.</param>
    public static ApiException NotJson(ApiCall call, RestAnswer answer, string? mediaType, JsonFormatException error)
    {
        var body = answer.Body.Span;
        var type = mediaType is null ? "no content type" : $"the content type '{mediaType}'";
        var what = body.Trim(" \t\r\n"u8).IsEmpty
            ? "an empty body"
            : body.TrimStart(" \t\r\n"u8)[0] == '<'
                ? $"a body that is not JSON but markup, and begins with: {Beginning(body, call)}"
                : FormattableString.Invariant($"a body that is not JSON (line {error.Line}, byte {error.ByteOffset}, at {error.Path}: ")
                + $"{error.Reason}) and begins with: {Beginning(body, call)}";
        var advice = body.IsEmpty
            ? "If an empty answer is right, ignore it: response_actions with the status code and the action 'ignore'."
            : "Check the address: it may be a web page, or one that asks for a login. If it is right, ask for JSON with the header Accept.";
        return new(
            FormattableString.Invariant($"{call.Title} answered {answer.StatusCode} with {type} and {what}. {State} {advice}"),
            error)
        { Url = call.Url, StatusCode = answer.StatusCode, Attempts = call.Attempts };
    }

    private static string Beginning(ReadOnlySpan<byte> body, ApiCall call)
    {
        var read = Encoding.UTF8.GetString(body[..Math.Min(body.Length, SearchedBytes)]).TrimEnd('\uFFFD');
        var text = SentCredentials.Hide(read, call.Attempt ?? call.Request);   // before it is cut, so that no part of a secret stays
        var shown = string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        if (shown.Length > ShownLetters) return shown[..ShownLetters] + "…";
        return body.Length > SearchedBytes ? shown + "…" : shown;
    }
}
