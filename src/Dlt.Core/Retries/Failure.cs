using System.Net.Sockets;
using System.Security.Authentication;

namespace Dlt.Retries;

/// <summary>Tells failures that pass from those that stay: the one place that decides what is tried again.</summary>
internal static class Failure
{
    private const int DiskFullHResult = unchecked((int)0x80070070);
    private const int DiskFullUnix = 28;

    /// <summary>True when a step is to be tried again at once: its failure may pass, and no call within it was tried to the end.</summary>
    /// <param name="error">What was thrown.</param>
    /// <param name="cancellationToken">The caller's wish to stop, which is not a failure.</param>
    public static bool IsTransient(Exception error, CancellationToken cancellationToken) =>
        !cancellationToken.IsCancellationRequested && error is not DltException { WasRetried: true } && MayPass(error);

    /// <summary>True for what the network does: no answer, no connection, an answer that ends too early.</summary>
    public static bool IsNetwork(Exception error) => error switch
    {
        DltException => false,
        // TLS: the certificate stays what it is
        AuthenticationException or HttpRequestException { InnerException: AuthenticationException } => false,
        FileNotFoundException or DirectoryNotFoundException or PathTooLongException => false,
        IOException { HResult: DiskFullHResult or DiskFullUnix } => false,
        HttpRequestException or IOException or SocketException or TimeoutException or OperationCanceledException => true,
        _ => error.InnerException is { } inner && IsNetwork(inner),
    };

    /// <summary>The cause in words: .NET hides that of TLS one level down.</summary>
    public static string Cause(Exception error) => error switch
    {
        HttpRequestException { InnerException: AuthenticationException inner } => "TLS: " + Cause(inner),
        AuthenticationException { InnerException: { } inner } => Cause(inner),
        AggregateException { InnerException: { } inner } => Cause(inner),
        OperationCanceledException => "there was no answer in time",
        _ => error.Message,
    };

    /// <summary>True when the same call may succeed later without any change.</summary>
    public static bool MayPass(Exception error) => error switch
    {
        DltException known => known.IsTransient,
        AggregateException { InnerExceptions: { Count: > 0 } all } => all.All(MayPass),
        _ => IsNetwork(error) || IsOfLibrary(error),
    };

    /// <summary>What a client library throws does not say whether it stays. An error of .NET or of this product that is not named above
    /// is a bug.</summary>
    private static bool IsOfLibrary(Exception error) =>
        error.GetType().Namespace is { } space && space.Split('.')[0] is not ("System" or "Microsoft" or "Dlt");
}
