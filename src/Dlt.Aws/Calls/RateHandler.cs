using Amazon.Runtime;
using Amazon.Runtime.Internal;
using Dlt.Internal;

namespace Dlt.Aws;

/// <summary>Stands below the SDK's retries, and sends each attempt at the rate of its <see cref="CallRate"/>.</summary>
/// <param name="endpointOf">Returns the service. A delegate, because the SDK builds pipelines before their clients.</param>
/// <param name="loginOf">Returns the login.</param>
internal sealed class RateHandler(Func<ServiceEndpoint> endpointOf, Func<AwsCredentialOptions> loginOf) : PipelineHandler
{
    public override async Task<T> InvokeAsync<T>(IExecutionContext executionContext)
    {
        var request = executionContext.RequestContext;
        var account = await CallAccount.OfAsync(request.Identity, loginOf()).ConfigureAwait(false);
        var host = request.Request?.Endpoint?.Authority ?? "";
        var rate = CallRate.Of(endpointOf().Waits.Time, account, host, AttemptHandler.OperationOf(request));
        await rate.WaitAsync(request.CancellationToken).ConfigureAwait(false);
        try
        {
            return await base.InvokeAsync<T>(executionContext).ConfigureAwait(false);
        }
        catch (AmazonServiceException error) when (AwsErrors.IsThrottling(error.ErrorCode))
        {
            rate.Throttle();
            throw;
        }
    }
}
