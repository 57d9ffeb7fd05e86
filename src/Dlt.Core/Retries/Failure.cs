using System.Net.Sockets;
using System.Security.Authentication;

namespace Dlt.Retries;

/// <summary>Decides which failures a retry can mend. All retries of dlt ask this class.</summary>
public static class Failure
{
    private const int DiskFullHResult = unchecked((int)0x80070070);
    private const int DiskFullUnix = 28;

    /// <summary>True when a step should be retried at once: its failure may pass, and no call inside it used up its attempts.</summary>
    /// <param name="error">The error of the step.</param>
    /// <param name="cancellationToken">The caller's token; a cancelled step is not retried.</param>
    internal static bool IsTransient(Exception error, CancellationToken cancellationToken) =>
        !cancellationToken.IsCancellationRequested && error is not DltException { WasRetried: true } && MayPass(error);

    /// <summary>
    /// True for failures of the network: no answer, no connection, an answer that ends too early. False for a TLS certificate that is
    /// refused, a full disk and a missing file, and for every <see cref="DltException"/>.
    /// </summary>
    public static bool IsNetwork(Exception error) => error switch
    {
        DltException => false,
        // TLS: the certificate will be the same next time
        AuthenticationException or HttpRequestException { InnerException: AuthenticationException } => false,
        FileNotFoundException or DirectoryNotFoundException or PathTooLongException => false,
        IOException { HResult: DiskFullHResult or DiskFullUnix } => false,
        HttpRequestException or IOException or SocketException or TimeoutException or OperationCanceledException => true,
        _ => error.InnerException is { } inner && IsNetwork(inner),
    };

    /// <summary>The cause of a failure in words. .NET keeps the cause of a TLS error in the inner exception.</summary>
    public static string Cause(Exception error) => error switch
    {
        HttpRequestException { InnerException: AuthenticationException inner } => "TLS: " + Cause(inner),
        AuthenticationException { InnerException: { } inner } => Cause(inner),
        AggregateException { InnerException: { } inner } => Cause(inner),
        OperationCanceledException => "there was no answer in time",
        _ => error.Message,
    };

    /// <summary>True when the same call may succeed later without any change.</summary>
    internal static bool MayPass(Exception error) => error switch
    {
        DltException known => known.IsTransient,
        AggregateException { InnerExceptions: { Count: > 0 } all } => all.All(MayPass),
        _ => IsNetwork(error) || IsOfLibrary(error),
    };

    /// <summary>
    /// True for errors of client libraries: they do not say whether they are permanent, so they are retried. An error of .NET or of dlt
    /// that is not named above is a bug, which a retry does not mend.
    /// </summary>
    private static bool IsOfLibrary(Exception error) =>
        error.GetType().Namespace is { } space && space.Split('.')[0] is not ("System" or "Microsoft" or "Dlt");
}
