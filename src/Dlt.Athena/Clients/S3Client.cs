using Amazon.Runtime;
using Amazon.S3;

namespace Dlt.Aws;

/// <summary>Amazon S3, or a store that speaks its protocol.</summary>
internal sealed class S3Client : AmazonS3Client
{
    public S3Client(AwsLogin login) : base(login.Credentials, ConfigOf(login)) =>
        RuntimePipeline.AddHandler(new LoginErrors("S3", login.Settings));

    private static AmazonS3Config ConfigOf(AwsLogin login)
    {
        var endpoint = AwsEndpoint.Of(login.Settings, "S3");
        var config = new AmazonS3Config { MaxErrorRetry = 9, ForcePathStyle = endpoint is not null };
        AwsEndpoint.Set(config, endpoint, login.Region);
        if (endpoint is null) return config;

        // Stores other than S3 often do not know the checksums that the SDK adds by default.
        config.RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED;
        config.ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED;
        return config;
    }
}
