using Amazon;
using Amazon.Runtime;
using Amazon.S3;
using Dlt.Destinations;
using Dlt.Lake;
using Dlt.Retries;
using Dlt.Storage;

namespace Dlt.Aws;

/// <summary>S3, Glue and Athena of an AWS account, or of a service that speaks their protocols.</summary>
internal sealed class AwsAccount : LakeAccount, IAsyncDisposable
{
    private readonly S3Client _s3;
    private readonly GlueClient _glue;
    private readonly AthenaClient _athena;
    private readonly AthenaSettings _settings;

    private AwsAccount(AthenaSettings settings, S3Client s3, GlueClient glue, AthenaClient athena)
    {
        _settings = settings;
        _s3 = s3;
        _glue = glue;
        _athena = athena;
        Objects = new S3ObjectStore(s3);
        Glue = new AwsGlueCatalog(glue);
        Athena = new AwsAthena(athena, settings.QueryResultBucket, settings.WorkGroup, settings.Catalog);
    }

    public override IObjectStore Objects { get; }

    public override IGlueCatalog Glue { get; }

    public override IAthena Athena { get; }

    public override string BucketUrl => _settings.BucketUrl;

    public override string QueryResultBucket => _settings.QueryResultBucket ?? "";

    public override string PipelinesFolder => throw new InvalidOperationException("Pipelines on AWS work in the configured folder.");

    /// <summary>The clients of an account; nothing is called.</summary>
    /// <param name="settings">Logins and addresses.</param>
    /// <param name="waits">Waits between attempts, and says so; null to wait without a word.</param>
    public static AwsAccount Open(AthenaSettings settings, RetryWaits? waits = null)
    {
        var (athenaKeys, athenaRegion) = AwsLogin.Resolve(settings.AthenaCredentials);
        return new(
            settings,
            OpenS3(settings.FilesystemCredentials, waits),
            new GlueClient(athenaKeys, athenaRegion, settings.AthenaCredentials.EndpointUrl, waits),
            new AthenaClient(athenaKeys, athenaRegion, settings.AthenaCredentials.EndpointUrl, waits));
    }

    public static S3Client OpenS3(AwsCredentialSettings settings, RetryWaits? waits = null)
    {
        var (keys, region) = AwsLogin.Resolve(settings);
        var s3 = new AmazonS3Config { ForcePathStyle = settings.EndpointUrl is not null };
        AwsLogin.SetEndpoint(s3, settings.EndpointUrl, region);
        if (settings.EndpointUrl is not null)
        {
            // Stores other than S3 often do not know the checksums that the SDK adds by default.
            s3.RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED;
            s3.ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED;
        }

        return new(keys, s3, waits ?? RetryWaits.Silent);
    }

    public ValueTask DisposeAsync()
    {
        _s3.Dispose();
        _glue.Dispose();
        _athena.Dispose();
        return default;
    }
}
