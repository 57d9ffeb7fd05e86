using Amazon.Runtime.Internal;
using Dlt.Internal;
using RetryPolicy = Amazon.Runtime.RetryPolicy;

namespace Dlt.Aws;

/// <summary>The handlers that every client adds to the SDK's pipeline: retries, reachability, rate and spans.</summary>
internal static class CallHandlers
{
    /// <summary>Adds the handlers.</summary>
    /// <param name="pipeline">Pipeline of the client.</param>
    /// <param name="retries">Decides which attempts are repeated.</param>
    /// <param name="endpointOf">Returns the service. A delegate, because the SDK builds pipelines before their clients.</param>
    /// <param name="loginOf">Returns the login.</param>
    /// <param name="serviceOf">Returns the name of the service, such as STS.</param>
    public static void Add(
        RuntimePipeline pipeline, RetryPolicy retries, Func<ServiceEndpoint> endpointOf, Func<AwsCredentialOptions> loginOf,
        Func<string> serviceOf)
    {
        pipeline.ReplaceHandler<RetryHandler>(new RetryHandler(retries));
        pipeline.AddHandlerAfter<RetryHandler>(new AttemptHandler(endpointOf));
        pipeline.AddHandlerAfter<RetryHandler>(new RateHandler(endpointOf, loginOf));
        pipeline.AddHandlerBefore<RetryHandler>(new CallSpanHandler(serviceOf));
    }
}
