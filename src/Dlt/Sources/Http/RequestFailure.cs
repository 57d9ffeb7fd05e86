using System.Security.Authentication;

namespace Dlt.Sources.Http;

/// <summary>Reason why a request has no response, or an incomplete one.</summary>
/// <param name="What">Description of the reason, without a full stop.</param>
/// <param name="Advice">Sentence that says what to do.</param>
/// <param name="Error">Original exception.</param>
internal sealed record RequestFailure(string What, string Advice, Exception Error)
{
    /// <summary>True when nothing was sent, so that any request can be repeated.</summary>
    public bool HasNoConnection { get; init; }

    /// <summary>True when another attempt would fail in the same way.</summary>
    public bool IsPermanent { get; init; }

    /// <summary>Returns whether another attempt may succeed without processing the request twice.</summary>
    public bool MayPass(bool isIdempotent) => !IsPermanent && (HasNoConnection || isIdempotent);

    /// <summary>Returns the failure that an exception represents.</summary>
    /// <param name="error">Exception of the HTTP client.</param>
    /// <param name="timeout">Timeout that expired before the exception; null when it had not expired.</param>
    /// <returns>Null for exceptions that have other causes than the network.</returns>
    public static RequestFailure? Of(Exception error, TimeSpan? timeout) => error switch
    {
        OperationCanceledException when timeout is { } limit =>
            new(FormattableString.Invariant($"no answer within {limit.TotalSeconds} s"), RaiseTimeout, error),
        OperationCanceledException { InnerException: TimeoutException inner } =>
            new(Plain(inner.Message), CheckAddress, error) { HasNoConnection = true },
        HttpRequestException request => OfRequest(request),
        IOException => new(Plain(error.Message), CheckAddress, error),
        _ => null,
    };

    private const string CheckAddress = "Check the network and the address.";
    private const string RaiseTimeout = "Check the address, or raise request_timeout (seconds) in the section [runtime] of "
        + ".dlt/config.toml.";
    private const string CheckCertificate = "Check the address (https, port) and the certificate of the server; "
        + "one of a company's own authority must be among those that this machine trusts.";

    private static RequestFailure OfRequest(HttpRequestException error)
    {
        var reason = Reason(error);
        return error.HttpRequestError switch
        {
            HttpRequestError.NameResolutionError =>
                new($"the name of the host was not found ({Plain(error.Message)})", "Check the name of the host and the network.", error)
                {
                    HasNoConnection = true,
                },
            HttpRequestError.SecureConnectionError => new($"no secure connection ({Plain(reason.Message)})", CheckCertificate, error)
            {
                HasNoConnection = true,
                IsPermanent = reason is AuthenticationException,
            },
            HttpRequestError.ConnectionError or HttpRequestError.ProxyTunnelError =>
                new(Plain(reason.Message), CheckAddress, error) { HasNoConnection = true },
            HttpRequestError.UserAuthenticationError or HttpRequestError.VersionNegotiationError
                or HttpRequestError.ConfigurationLimitExceeded =>
                new(Plain(reason.Message), "Check the settings of the client.", error) { IsPermanent = true },
            _ => new(Plain(reason.Message), CheckAddress, error),
        };
    }

    /// <summary>
    /// Returns the exception with the most specific message. Outer ones say "see inner exception"; the message of a socket lacks the host.
    /// </summary>
    private static Exception Reason(Exception error) =>
        error.InnerException is { } inner and (IOException or AuthenticationException or HttpRequestException) ? Reason(inner) : error;

    private static string Plain(string message) => message.TrimEnd('.', ' ');
}
