using Amazon;
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

    /// <summary>The clients of an account; only a login that must be fetched calls a service.</summary>
    /// <param name="settings">Logins and addresses.</param>
    /// <param name="waits">Waits between attempts, and says so; null to wait without a word.</param>
    /// <exception cref="Configuration.ConfigurationException">A login or the region is missing, unknown or has expired.</exception>
    public static AwsAccount Open(AthenaSettings settings, RetryWaits? waits = null)
    {
        var athena = AwsLogin.Resolve(settings.AthenaCredentials, settings.FilesystemCredentials);
        var files = AwsLogin.Resolve(settings.FilesystemCredentials, settings.AthenaCredentials, athena);
        return new(settings, new S3Client(files, waits), new GlueClient(athena, waits), new AthenaClient(athena, waits));
    }

    /// <summary>S3 alone.</summary>
    /// <param name="settings">The login.</param>
    /// <param name="other">The other block of the destination, whose region counts where the first names none.</param>
    /// <param name="waits">Waits between attempts, and says so; null to wait without a word.</param>
    public static S3Client OpenS3(AwsCredentialSettings settings, AwsCredentialSettings? other = null, RetryWaits? waits = null) =>
        new(AwsLogin.Resolve(settings, other), waits);

    public ValueTask DisposeAsync()
    {
        _s3.Dispose();
        _glue.Dispose();
        _athena.Dispose();
        return default;
    }
}
