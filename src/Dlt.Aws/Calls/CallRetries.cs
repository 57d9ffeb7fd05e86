using System.Net;
using Amazon.Runtime;
using Amazon.Runtime.Internal;
using Amazon.S3.Internal;
using Dlt.Retries;

namespace Dlt.Aws;

/// <summary>What both retry policies of the SDK do our way: how often, after which wait, and that the user hears of long ones.</summary>
internal static class CallRetries
{
    /// <summary>True when an attempt is worth repeating, beyond what the SDK knows.</summary>
    public static bool IsWorthRepeating(IExecutionContext context, Exception error) =>
        Failure.IsNetwork(error) ? !context.RequestContext.CancellationToken.IsCancellationRequested
            : error is AmazonServiceException answer && AwsErrors.IsBusy(answer);

    public static bool IsLimitReached(IExecutionContext context) =>
        AttemptHandler.CallOf(context.RequestContext) is not { HasAttemptsLeft: true };

    public static Task WaitAsync(IExecutionContext context, Exception error)
    {
        var call = AttemptHandler.CallOf(context.RequestContext)!;
        return call.WaitAsync(error, requested: null, context.RequestContext.CancellationToken);
    }
}

/// <summary>Retries of the services that speak JSON.</summary>
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

        // Of a throttled call nothing happened. Any other may have been carried out, and would then look like a conflict.
        if (executionContext.RequestContext.OriginalRequest is ISentOnce { IsSentOnce: true }) return IsThrottlingError(exception);
        return CallRetries.IsWorthRepeating(executionContext, exception) || await base.RetryForExceptionAsync(executionContext, exception)
            .ConfigureAwait(false);
    }
}

/// <summary>Retries of S3, which also follow a bucket into its region.</summary>
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

/// <summary>A request that may be marked as one whose repetition would look like a conflict.</summary>
internal interface ISentOnce
{
    bool IsSentOnce { get; }
}

/// <summary>Why the last attempt of a request failed: the SDK does not say it when it waits.</summary>
internal sealed class LastErrors
{
    private const string Key = "Dlt.LastError";

    public void Note(IExecutionContext context, Exception error) => context.RequestContext.ContextAttributes[Key] = error;

    public Exception Take(IExecutionContext context) =>
        context.RequestContext.ContextAttributes.TryGetValue(Key, out var error) ? (Exception)error : new WebException("it failed");
}
