using Amazon.Runtime;
using Amazon.Runtime.Internal;
using Amazon.S3;
using Dlt.Internal;

namespace Dlt.Aws;

/// <summary>The SDK's client for S3, or for a store that supports its protocol, with the retries of this library.</summary>
internal sealed class S3Client : AmazonS3Client
{
    private readonly AwsLogin _login;

    private readonly S3Options _s3Options;

    public S3Client(AwsLogin login, RetryWaits? waits = null, S3Options? options = null)
        : base(login.Credentials, ConfigOf(login, options ?? new()))
    {
        _s3Options = options ?? new();
        _login = login;
        RuntimePipeline.AddHandler(new LoginErrors("S3", login.Options));
        if (AwsEndpoint.Of(login.Options, "S3") is not null) RuntimePipeline.AddHandlerAfter<Marshaller>(new ContentMd5Handler());
        Endpoint = EndpointOf(_s3Options.Connection, waits ?? RetryWaits.Silent);
    }

    /// <summary>Reachability and waits of the service.</summary>
    public ServiceEndpoint Endpoint { get; }

    protected override void CustomizeRuntimePipeline(RuntimePipeline pipeline)
    {
        base.CustomizeRuntimePipeline(pipeline);
        // Delegates, because the base constructor calls this method.
        CallHandlers.Add(pipeline, new S3Retries(Config), () => Endpoint, () => _login, () => "S3");
        pipeline.AddHandlerAfter<Marshaller>(new S3OptionsHandler(() => _s3Options));
    }

    private static ServiceEndpoint EndpointOf(S3ConnectionOptions connection, RetryWaits waits)
    {
        var endpoint = new ServiceEndpoint("S3", waits);
        if (connection.ReadTimeout is { } limit) endpoint.SetAttemptLimit(limit);
        if (connection.MaxAttempts is { } most) endpoint.SetAttempts(most);
        return endpoint;
    }

    private static AmazonS3Config ConfigOf(AwsLogin login, S3Options options)
    {
        var endpoint = AwsEndpoint.Of(login.Options, "S3");
        var config = new AmazonS3Config
        {
            ForcePathStyle = options.UsesPathStyle ?? endpoint is not null,
            UseAccelerateEndpoint = options.UsesAcceleration,
        };
        AwsEndpoint.Set(config, endpoint, login.Region, login.Options);
        var connection = options.Connection;
        if (connection.ConnectTimeout is { } limit) config.ConnectTimeout = limit;
        if (connection.MaxConnections is { } most) config.MaxConnectionsPerServer = most;
        if (connection.AppId is { } name) config.ClientAppId = name;

        // Stores other than S3 often do not know the checksums that the SDK adds by default.
        var sends = connection.SendsChecksums ?? endpoint is null;
        if (!sends) config.RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED;
        if (!(connection.ComparesChecksums ?? sends)) config.ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED;
        return config;
    }
}
