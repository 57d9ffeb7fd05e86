using System.Net;
using System.Text;
using Amazon.Runtime;
using Amazon.Runtime.Endpoints;
using Amazon.Runtime.Internal;
using Amazon.Runtime.Internal.Auth;
using Amazon.Runtime.Internal.Transform;
using Amazon.Util;
using Dlt.Internal;

namespace Dlt.Aws;

/// <summary>
/// A client for an AWS service with the protocol JSON 1.1 or REST JSON, on the SDK's pipeline: signing, retries, proxies, endpoints
/// (docs/spec/aws-apis.md 1.1, 1.2).
/// </summary>
internal abstract class JsonServiceClient : AmazonServiceClient
{
    private readonly AwsLogin _login;
    private readonly string _serviceId;
    private readonly string? _targetPrefix;

    /// <param name="serviceId">Id of the service, such as <c>Glue</c>.</param>
    /// <param name="signingName">Name of the service in signatures and in its host, such as <c>glue</c>.</param>
    /// <param name="targetPrefix">First part of the header that names the operation (JSON 1.1); null when the path names it (REST
    /// JSON).</param>
    /// <param name="login">Credentials and region.</param>
    /// <param name="waits">Waits between attempts; null to wait silently.</param>
    protected JsonServiceClient(
        string serviceId, string signingName, string? targetPrefix, AwsLogin login, RetryWaits? waits)
        : base(
            login.Credentials,
            new JsonServiceConfig(serviceId, signingName, login))
    {
        _login = login;
        RuntimePipeline.AddHandler(new LoginErrors(serviceId, login.Options));
        _serviceId = serviceId;
        _targetPrefix = targetPrefix;
        Endpoint = new(serviceId, waits ?? RetryWaits.Silent);
    }

    /// <summary>Reachability and waits of the service.</summary>
    public ServiceEndpoint Endpoint { get; }

    /// <summary>Calls an operation. Unknown members of the response are kept, and null ones are left out.</summary>
    /// <param name="operation">Name of the operation.</param>
    /// <param name="request">Body of the request.</param>
    /// <param name="isSentOnce">True to send only throttled calls again, which had no effect. Any other call may have been executed, and
    /// its repetition would look like a conflict.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <exception cref="AmazonServiceException">The service refused the call.</exception>
    public async Task<JsonValue> InvokeAsync(string operation, JsonValue request, bool isSentOnce, CancellationToken cancellationToken)
    {
        var options = new InvokeOptions
        { RequestMarshaller = new BodyMarshaller(_targetPrefix), ResponseUnmarshaller = new BodyUnmarshaller() };
        var answer = await InvokeAsync<JsonResponse>(
            new JsonRequest(operation, JsonText.Write(request), isSentOnce), options, cancellationToken).ConfigureAwait(false);
        if (answer.Body.Length == 0) return JsonValue.EmptyObject;
        var body = Parse(operation, answer.Body);
        // Whatever is read from another kind of value is missing, and reported with the object of the call.
        return body.Kind == JsonKind.Object ? NullMembers.Remove(body) : JsonValue.EmptyObject;
    }

    private JsonValue Parse(string operation, byte[] body)
    {
        try
        {
            return JsonValue.Parse(body);
        }
        catch (JsonFormatException error)
        {
            var shown = ForeignPage.Describe(Encoding.UTF8.GetString(body));
            throw new DltException($"{Endpoint.Name} answered {operation} with {shown}. {ForeignPage.Remedy}", error)
            { IsTransient = true };
        }
    }

    protected override void CustomizeRuntimePipeline(RuntimePipeline pipeline)
    {
        pipeline.RemoveHandler<EndpointResolver>();   // it has no rules for services that the SDK does not know
        pipeline.AddHandlerAfter<Marshaller>(new JsonEndpointResolver());
        pipeline.AddHandlerBefore<Signer>(new SigV4());   // in each attempt
        // Delegates, because the base constructor calls this method.
        CallHandlers.Add(pipeline, new JsonRetries(Config), () => Endpoint, () => _login, () => _serviceId);
    }

    private sealed class JsonRequest(string operation, string body, bool isSentOnce) : AmazonWebServiceRequest, IOperationName, ISentOnce
    {
        public bool IsSentOnce { get; } = isSentOnce;

        public string Operation { get; } = operation;

        public string Body { get; } = body;
    }

    private sealed class JsonResponse : AmazonWebServiceResponse
    {
        public byte[] Body { get; init; } = [];
    }

    private sealed class JsonServiceConfig : ClientConfig
    {
        private readonly string _signingName;

        public JsonServiceConfig(string serviceId, string signingName, AwsLogin login)
            : base(new DefaultConfigurationProvider(Modes()))
        {
            _signingName = signingName;
            ServiceId = serviceId;
            AuthenticationServiceName = signingName;
            ResignRetries = true;   // signatures are valid for some minutes only, and a repetition may have a renewed session
            EndpointProvider = new JsonEndpoints(this);
            AwsEndpoint.Set(this, AwsEndpoint.Of(login.Options, serviceId.ToUpperInvariant()), login.Region, login.Options);
        }

        public override string RegionEndpointServiceName => _signingName;

        public override string ServiceVersion => "2017-03-31";

        public override string UserAgent => "dlt-dotnet/0.1.0";

        public override Endpoint DetermineServiceOperationEndpoint(ServiceOperationEndpointParameters parameters) =>
            EndpointProvider.ResolveEndpoint(new EndpointParametersOf(this));

        private static List<DefaultConfiguration> Modes() =>
        [
            .. new[] { DefaultConfigurationMode.Standard, DefaultConfigurationMode.InRegion, DefaultConfigurationMode.CrossRegion,
                DefaultConfigurationMode.Mobile, DefaultConfigurationMode.Auto }
                // No TimeToFirstByteTimeout: the SDK takes it for the time of all attempts of a call without a token.
                .Select(mode => new DefaultConfiguration { Name = mode, RetryMode = RequestRetryMode.Standard }),
        ];
    }

    private sealed class EndpointParametersOf : EndpointParameters
    {
        public EndpointParametersOf(IClientConfig config)
        {
            this["Region"] = config.RegionEndpoint?.SystemName ?? config.AuthenticationRegion;
            this["Endpoint"] = config.ServiceURL;
        }
    }

    private sealed class JsonEndpoints(ClientConfig config) : IEndpointProvider
    {
        public Endpoint ResolveEndpoint(EndpointParameters parameters)
        {
            if (parameters["Endpoint"] is string { Length: > 0 } url) return new Endpoint(url);
            var region = (string)parameters["Region"];
            var suffix = region switch
            {
                _ when region.StartsWith("cn-", StringComparison.Ordinal) =>
                    config.UseDualstackEndpoint ? "api.amazonwebservices.com.cn" : "amazonaws.com.cn",
                _ when region.StartsWith("us-isob-", StringComparison.Ordinal) => "sc2s.sgov.gov",
                _ when region.StartsWith("us-iso-", StringComparison.Ordinal) => "c2s.ic.gov",
                _ => config.UseDualstackEndpoint ? "api.aws" : "amazonaws.com",
            };
            return new Endpoint($"https://{config.AuthenticationServiceName}{(config.UseFIPSEndpoint ? "-fips" : "")}.{region}.{suffix}");
        }
    }

    private sealed class JsonEndpointResolver : BaseEndpointResolver
    {
        protected override EndpointParameters MapEndpointsParameters(IRequestContext requestContext) =>
            new EndpointParametersOf(requestContext.ClientConfig);
    }

    private sealed class SigV4 : BaseAuthResolverHandler
    {
        protected override List<IAuthSchemeOption> ResolveAuthOptions(IExecutionContext executionContext) =>
            Amazon.Runtime.Credentials.Internal.AuthSchemeOption.DEFAULT_SIGV4;
    }

    private sealed class BodyMarshaller(string? targetPrefix) : IMarshaller<IRequest, AmazonWebServiceRequest>
    {
        public IRequest Marshall(AmazonWebServiceRequest input)
        {
            var request = (JsonRequest)input;
            var marshalled = new DefaultRequest(request, "Dlt." + (targetPrefix ?? "Rest"))
            { HttpMethod = "POST", ResourcePath = "/", Content = Encoding.UTF8.GetBytes(request.Body) };
            if (targetPrefix is null) marshalled.ResourcePath += request.Operation;
            else marshalled.Headers["X-Amz-Target"] = $"{targetPrefix}.{request.Operation}";
            marshalled.Headers[HeaderKeys.ContentTypeHeader] = targetPrefix is null ? "application/json" : "application/x-amz-json-1.1";
            return marshalled;
        }
    }

    private sealed class BodyUnmarshaller : JsonResponseUnmarshaller
    {
        public override AmazonWebServiceResponse Unmarshall(JsonUnmarshallerContext input)
        {
            using var body = new MemoryStream();
            input.Stream.CopyTo(body);
            return new JsonResponse { Body = body.ToArray() };
        }

        public override AmazonServiceException UnmarshallException(
            JsonUnmarshallerContext input, Exception innerException, HttpStatusCode statusCode)
        {
            using var body = new MemoryStream();
            input.Stream.CopyTo(body);
            var text = Encoding.UTF8.GetString(body.ToArray());
            var (code, message) = AwsErrors.Parse(text, input.ResponseData.GetHeaderValue("x-amzn-ErrorType"));
            return new AmazonServiceException(
                message, innerException, ErrorType.Unknown, code, input.ResponseData.GetHeaderValue("x-amzn-RequestId"), statusCode);
        }
    }
}
