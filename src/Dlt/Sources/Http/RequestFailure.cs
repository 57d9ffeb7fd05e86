using System.Security.Authentication;

namespace Dlt.Sources.Http;

/// <summary>Why there was no answer, or no whole one.</summary>
/// <param name="What">The reason, without a full stop.</param>
/// <param name="Advice">What to do.</param>
/// <param name="Error">What was thrown.</param>
internal sealed record RequestFailure(string What, string Advice, Exception Error)
{
    /// <summary>True: nothing was sent yet, so the request can be repeated whatever it does.</summary>
    public bool HasNoConnection { get; init; }

    /// <summary>True: the next attempt would end in the same way.</summary>
    public bool IsPermanent { get; init; }

    /// <summary>True when another attempt may succeed, and does nothing twice.</summary>
    public bool MayPass(HttpMethod method) => !IsPermanent && (HasNoConnection || RetryRules.IsIdempotent(method));

    /// <summary>The failure that an exception stands for.</summary>
    /// <param name="error">What the network threw.</param>
    /// <param name="timeout">The time that was over when it was thrown; null when there was some left.</param>
    /// <returns>Null for what is not of the network.</returns>
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

    /// <summary>The exception that says most: outer ones say "see inner exception". A socket's own lacks the host.</summary>
    private static Exception Reason(Exception error) =>
        error.InnerException is { } inner and (IOException or AuthenticationException or HttpRequestException) ? Reason(inner) : error;

    private static string Plain(string message) => message.TrimEnd('.', ' ');
}
