namespace Dlt.Sources.Http;

/// <summary>A request without an answer, as users of <see cref="HttpClient"/> know it, with a message that says what to do.</summary>
internal sealed class RequestFailedException(ApiCall call, RequestFailure failure)
    : HttpRequestException(
        (failure.Error as HttpRequestException)?.HttpRequestError ?? HttpRequestError.Unknown,
        ApiErrors.NoAnswer(call, failure),
        failure.Error)
{
    /// <summary>The same as an error of dlt.</summary>
    public ApiException ToApiException() =>
        new(Message, InnerException) { Url = call.Url, Attempts = call.Attempts, IsTransient = !failure.IsPermanent };
}
