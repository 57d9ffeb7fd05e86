using Amazon.Runtime;
using Amazon.Runtime.Internal;
using Dlt.Internal;

namespace Dlt.Aws;

/// <summary>
/// Runs below the SDK's retries and makes each attempt part of a <see cref="ServiceCall"/>, which limits its time and records that the
/// service responded.
/// </summary>
/// <param name="endpointOf">Returns the service. A delegate, because the SDK builds pipelines before their clients.</param>
internal sealed class AttemptHandler(Func<ServiceEndpoint> endpointOf) : PipelineHandler
{
    private const string CallKey = "Dlt.ServiceCall";
    private const long LargeBytes = 1 << 20;

    public override async Task<T> InvokeAsync<T>(IExecutionContext executionContext)
    {
        var endpoint = endpointOf();
        var request = executionContext.RequestContext;
        endpoint.SetAddress(request.Request?.Endpoint);
        var call = CallOf(request) ?? Begin(endpoint, request);
        var cancellationToken = request.CancellationToken;
        try
        {
            var answer = await call.AttemptAsync(token =>
                SendAsync<T>(executionContext, token), IsLarge(request.Request), cancellationToken).ConfigureAwait(false);
            endpoint.MarkAnswered();
            return answer;
        }
        catch (Exception error)
        {
            if (IsAnswer(error)) endpoint.MarkAnswered();
            error.Data[CallKey] = call;
            throw;
        }
        finally
        {
            SetToken(request, cancellationToken);
        }
    }

    /// <summary>The call that ended with an error; null if the error occurred before the first attempt.</summary>
    public static ServiceCall? CallOf(Exception error) => error.Data[CallKey] as ServiceCall;

    /// <summary>The call of a request; null before its first attempt.</summary>
    public static ServiceCall? CallOf(IRequestContext request) =>
        request.ContextAttributes.TryGetValue(CallKey, out var call) ? (ServiceCall)call : null;

    /// <summary>The operation of the API that a request asks for, such as <c>GetTable</c>.</summary>
    public static string OperationOf(IRequestContext request)
    {
        var name = request.OriginalRequest is IOperationName named ? named.Operation : request.RequestName;
        return name.EndsWith("Request", StringComparison.Ordinal) ? name[..^"Request".Length] : name;
    }

    private Task<T> SendAsync<T>(IExecutionContext executionContext, CancellationToken cancellationToken)
        where T : AmazonWebServiceResponse, new()
    {
        SetToken(executionContext.RequestContext, cancellationToken);
        return base.InvokeAsync<T>(executionContext);
    }

    private static ServiceCall Begin(ServiceEndpoint endpoint, IRequestContext request)
    {
        var call = endpoint.Begin(OperationOf(request));
        request.ContextAttributes[CallKey] = call;
        return call;
    }

    private static void SetToken(IRequestContext request, CancellationToken cancellationToken)
    {
        if (request is RequestContext own) own.CancellationToken = cancellationToken;
    }

    /// <summary>True for a response of the service itself, not of a proxy or load balancer that cannot reach it.</summary>
    private static bool IsAnswer(Exception error) =>
        error is AmazonServiceException { StatusCode: > 0 } answer && ((int)answer.StatusCode < 500 || answer.RequestId is { Length: > 0 });

    private static bool IsLarge(IRequest? request) =>
        request?.Content is { Length: > (int)LargeBytes } || request?.ContentStream is { CanSeek: true, Length: > LargeBytes };
}

/// <summary>A request that has the name of its operation.</summary>
internal interface IOperationName
{
    string Operation { get; }
}
