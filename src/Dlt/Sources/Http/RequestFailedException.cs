namespace Dlt.Sources.Http;

/// <summary>
/// The exception for a request without a response, as users of <see cref="HttpClient"/> expect it, with a message that says what to do.
/// </summary>
internal sealed class RequestFailedException(ApiCall call, RequestFailure failure)
    : HttpRequestException(
        (failure.Error as HttpRequestException)?.HttpRequestError ?? HttpRequestError.Unknown,
        ApiErrors.NoAnswer(call, failure),
        failure.Error)
{
    /// <summary>Returns the same failure as an <see cref="ApiException"/>.</summary>
    public ApiException ToApiException() =>
        new(Message, InnerException) { Url = call.Url, Attempts = call.Attempts, IsTransient = !failure.IsPermanent };
}
