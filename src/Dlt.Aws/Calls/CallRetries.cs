using System.Net;
using Amazon.Runtime;
using Amazon.Runtime.Internal;
using Amazon.S3.Internal;
using Dlt.Internal;

namespace Dlt.Aws;

/// <summary>
/// The retry rules that both of the SDK's retry policies use here: which errors, how often, and waits that are reported to the user.
/// </summary>
internal static class CallRetries
{
    /// <summary>True when an attempt can be repeated, in addition to the cases that the SDK knows.</summary>
    public static bool IsWorthRepeating(IExecutionContext context, Exception error) =>
        Failure.IsNetwork(error) ? !context.RequestContext.CancellationToken.IsCancellationRequested
            : error is AmazonServiceException answer && (AwsErrors.IsBusy(answer) || ExpiredSession.TryRenew(context, error));

    public static bool IsLimitReached(IExecutionContext context) =>
        AttemptHandler.CallOf(context.RequestContext) is not { HasAttemptsLeft: true };

    public static Task WaitAsync(IExecutionContext context, Exception error)
    {
        var call = AttemptHandler.CallOf(context.RequestContext)!;
        return call.WaitAsync(error, requested: null, context.RequestContext.CancellationToken);
    }
}

/// <summary>Retries for services with the JSON protocol.</summary>
internal sealed class JsonRetries(IClientConfig config) : StandardRetryPolicy(config)
{
    private readonly LastErrors _errors = new();

    public override bool IsStaleConnectionError(Exception exception) => false;

    public override bool OnRetry(IExecutionContext executionContext, bool bypassAcquireCapacity, bool isThrottlingError) => true;

    public override bool RetryLimitReached(IExecutionContext executionContext) => CallRetries.IsLimitReached(executionContext);

    public override Task WaitBeforeRetryAsync(IExecutionContext executionContext) =>
        CallRetries.WaitAsync(executionContext, _errors.Take(executionContext));

    public override async Task<bool> RetryForExceptionAsync(IExecutionContext executionContext, Exception exception)
    {
        _errors.Note(executionContext, exception);

        // A call that was throttled, or refused because of its login, had no effect. Any other call may have been executed, and its
        // repetition would look like a conflict.
        if (executionContext.RequestContext.OriginalRequest is ISentOnce { IsSentOnce: true })
            return IsThrottlingError(exception) || ExpiredSession.TryRenew(executionContext, exception);
        return CallRetries.IsWorthRepeating(executionContext, exception) || await base.RetryForExceptionAsync(executionContext, exception)
            .ConfigureAwait(false);
    }
}

/// <summary>Retries for S3, which also follow a bucket to its region.</summary>
internal sealed class S3Retries(IClientConfig config) : AmazonS3StandardRetryPolicy(config)
{
    private readonly LastErrors _errors = new();

    public override bool IsStaleConnectionError(Exception exception) => false;

    public override bool OnRetry(IExecutionContext executionContext, bool bypassAcquireCapacity, bool isThrottlingError) => true;

    public override bool RetryLimitReached(IExecutionContext executionContext) => CallRetries.IsLimitReached(executionContext);

    public override Task WaitBeforeRetryAsync(IExecutionContext executionContext) =>
        CallRetries.WaitAsync(executionContext, _errors.Take(executionContext));

    public override async Task<bool> RetryForExceptionAsync(IExecutionContext executionContext, Exception exception)
    {
        _errors.Note(executionContext, exception);
        return CallRetries.IsWorthRepeating(executionContext, exception) || await base.RetryForExceptionAsync(executionContext, exception)
            .ConfigureAwait(false);
    }
}

/// <summary>A request that can be marked as sent once, because its repetition would look like a conflict.</summary>
internal interface ISentOnce
{
    bool IsSentOnce { get; }
}

/// <summary>Keeps the error of a request's last attempt, which the SDK does not pass on when it waits.</summary>
internal sealed class LastErrors
{
    private const string Key = "Dlt.LastError";

    public void Note(IExecutionContext context, Exception error) => context.RequestContext.ContextAttributes[Key] = error;

    public Exception Take(IExecutionContext context) =>
        context.RequestContext.ContextAttributes.TryGetValue(Key, out var error) ? (Exception)error : new WebException("it failed");
}
