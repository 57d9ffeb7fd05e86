using Amazon.Runtime;
using Amazon.Runtime.Internal;
using Amazon.S3;
using Dlt.Retries;

namespace Dlt.Aws;

/// <summary>The SDK's client of S3 with our retries.</summary>
internal sealed class S3Client : AmazonS3Client
{
    public S3Client(AWSCredentials credentials, AmazonS3Config config, RetryWaits waits) : base(credentials, config) =>
        Endpoint = new("S3", waits);

    /// <summary>What is known of the service.</summary>
    public ServiceEndpoint Endpoint { get; }

    protected override void CustomizeRuntimePipeline(RuntimePipeline pipeline)
    {
        base.CustomizeRuntimePipeline(pipeline);
        pipeline.ReplaceHandler<RetryHandler>(new RetryHandler(new S3Retries(Config)));
        pipeline.AddHandlerAfter<RetryHandler>(new AttemptHandler(() => Endpoint));   // this runs in the constructor of the base
    }
}
