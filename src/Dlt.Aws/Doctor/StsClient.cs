using Amazon.Runtime.Internal;
using Amazon.SecurityToken;
using Dlt.Internal;

namespace Dlt.Aws;

/// <summary>The SDK's client for the AWS Security Token Service, with the retries of this library.</summary>
internal sealed class StsClient : AmazonSecurityTokenServiceClient
{
    private readonly AwsCredentialOptions _options;

    public StsClient(AwsLogin login, RetryWaits? waits = null) : base(login.Credentials, StsConfig.Of(login))
    {
        _options = login.Options;
        RuntimePipeline.AddHandler(new LoginErrors("STS", login.Options));
        Endpoint = new("STS", waits ?? RetryWaits.Silent);
    }

    /// <summary>Reachability and waits of the service.</summary>
    public ServiceEndpoint Endpoint { get; }

    protected override void CustomizeRuntimePipeline(RuntimePipeline pipeline)
    {
        base.CustomizeRuntimePipeline(pipeline);
        // Delegates, because the base constructor calls this method.
        CallHandlers.Add(pipeline, new JsonRetries(Config), () => Endpoint, () => _options, () => "STS");
    }
}
