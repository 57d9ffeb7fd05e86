using System.ComponentModel;
using System.Net.Sockets;
using System.Security.Authentication;

namespace Dlt.Internal;

/// <summary>Decides which failures are worth a retry. All retries of dlt use this class.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class Failure
{
    private const int DiskFullHResult = unchecked((int)0x80070070);
    private const int DiskFullUnix = 28;

    /// <summary>
    /// Returns true when a step should be retried at once: the failure may pass, and no call inside the step used up its attempts.
    /// </summary>
    /// <param name="error">The failure of the step.</param>
    /// <param name="cancellationToken">The caller's token; a cancelled step is not retried.</param>
    internal static bool IsTransient(Exception error, CancellationToken cancellationToken) =>
        !cancellationToken.IsCancellationRequested && error is not DltException { WasRetried: true } && MayPass(error);

    /// <summary>
    /// Returns true for network failures: no connection, no answer, or an incomplete answer. Returns false for a refused TLS certificate, a
    /// full disk, a missing file, and every <see cref="DltException"/>.
    /// </summary>
    public static bool IsNetwork(Exception error) => error switch
    {
        DltException => false,
        // The certificate is refused again on every attempt.
        AuthenticationException or HttpRequestException { InnerException: AuthenticationException } => false,
        FileNotFoundException or DirectoryNotFoundException or PathTooLongException => false,
        IOException { HResult: DiskFullHResult or DiskFullUnix } => false,
        HttpRequestException or IOException or SocketException or TimeoutException or OperationCanceledException => true,
        _ => error.InnerException is { } inner && IsNetwork(inner),
    };

    /// <summary>Returns the cause of a failure as text. For TLS errors, .NET reports the cause in the inner exception.</summary>
    public static string Cause(Exception error) => error switch
    {
        HttpRequestException { InnerException: AuthenticationException inner } => "TLS: " + Cause(inner),
        AuthenticationException { InnerException: { } inner } => Cause(inner),
        AggregateException { InnerException: { } inner } => Cause(inner),
        OperationCanceledException => "there was no answer in time",
        // The name of a parameter means something to the programmer alone.
        ArgumentException { ParamName: { } name } => error.Message.Replace($" (Parameter '{name}')", "", StringComparison.Ordinal),
        _ => error.Message,
    };

    /// <summary>Returns the message of a failure with a full stop at its end, so that a sentence can follow.</summary>
    public static string Sentence(Exception error) =>
        error.Message.TrimEnd() is [.., '.' or '!' or '?' or '…'] ended ? ended : error.Message.TrimEnd() + ".";

    /// <summary>Returns true when the same call may succeed later without any change.</summary>
    internal static bool MayPass(Exception error) => error switch
    {
        DltException known => known.IsTransient,
        AggregateException { InnerExceptions: { Count: > 0 } all } => all.All(MayPass),
        _ => IsNetwork(error) || IsOfLibrary(error),
    };

    /// <summary>
    /// Returns true for errors of client libraries. They do not say whether they are permanent, so they are retried. Any other error of
    /// .NET or dlt is a bug, which a retry does not fix.
    /// </summary>
    private static bool IsOfLibrary(Exception error) =>
        error.GetType().Namespace is { } space && space.Split('.')[0] is not ("System" or "Microsoft" or "Dlt");
}
