using System.ComponentModel;
using Dlt.Internal;
using Dlt.Lake;
using Dlt.Storage;

namespace Dlt.Aws;

/// <summary>
/// S3, the Glue Data Catalog, Athena and Lake Formation of an AWS account, or of services that support their protocols.
/// </summary>
/// <remarks>Safe for concurrent use. Holds connections until it is disposed.</remarks>
public sealed class AwsAccount : LakeAccount, IAsyncDisposable
{
    private readonly S3ObjectStore _s3;
    private readonly GlueClient _glue;
    private readonly AthenaClient _athena;
    private readonly LakeFormationClient _lakeFormation;
    private readonly AwsAccountOptions _options;

    private AwsAccount(
        AwsAccountOptions options, S3Client s3, GlueClient glue, AthenaClient athena, LakeFormationClient tags, string region)
    {
        Region = region;
        _options = options;
        S3 = s3;
        _s3 = new(s3);
        _glue = glue;
        _athena = athena;
        _lakeFormation = tags;
        Queries = new(athena, options.QueryResultBucket, options.WorkGroup, options.Catalog, options.Queries);
        CatalogLookup = new(Queries, options.Catalog);
        var catalogId = new GlueCatalogId(CatalogLookup);
        Glue = DataCatalog.IsDefault(options.Catalog)
            ? new AwsGlueCatalog(glue)
            : new RegisteredCatalog(CatalogLookup, new(glue, catalogId), new(athena, options.Catalog));
        LakeFormation = new(tags, catalogId);
        Uploads = new(s3);
    }

    /// <inheritdoc/>
    public override IObjectStore Objects => _s3;

    /// <inheritdoc/>
    public override IGlueCatalog Glue { get; }

    /// <inheritdoc/>
    public override IAthena Athena => Queries;

    /// <summary>Region of Glue and Athena, such as <c>eu-west-1</c>.</summary>
    public string Region { get; }

    /// <summary>LF-tags of databases. Calls Lake Formation only when a member is used.</summary>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public LakeFormationTags LakeFormation { get; }

    /// <summary>Uploads to S3 that were not finished. Calls S3 only when a member is used.</summary>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public UnfinishedUploads Uploads { get; }

    /// <summary>The client for S3 behind <see cref="Objects"/>.</summary>
    internal S3Client S3 { get; }

    /// <summary>The client for Athena behind <see cref="Athena"/>.</summary>
    internal AwsAthena Queries { get; }

    /// <summary>The data catalog that queries use.</summary>
    internal DataCatalogLookup CatalogLookup { get; }

    /// <inheritdoc/>
    public override string BucketUrl => _options.BucketUrl;

    /// <inheritdoc/>
    public override string QueryResultBucket => _options.QueryResultBucket ?? "";

    /// <summary>Opens the clients of an account. Calls a service only to sign in with a profile or the default chain.</summary>
    /// <param name="options">Logins, addresses and places of Athena.</param>
    /// <param name="waits">Waits between attempts and reports long waits; null to wait silently.</param>
    /// <exception cref="ConfigurationException">A login or the region is missing or unknown, or the login has expired.</exception>
    public static AwsAccount Open(AwsAccountOptions options, RetryWaits? waits = null)
    {
        var storage = options.StorageCredentials ?? options.Credentials;
        var login = AwsLogin.Resolve(options.Credentials, storage);
        var files = AwsLogin.Resolve(storage, options.Credentials, login);
        var s3 = new S3Client(files, waits, options.Storage);
        return new(options, s3, new(login, waits), new(login, waits), new(login, waits), login.Region.SystemName);
    }

    /// <summary>Closes the connections.</summary>
    public ValueTask DisposeAsync()
    {
        _s3.Dispose();
        _glue.Dispose();
        _athena.Dispose();
        _lakeFormation.Dispose();
        return default;
    }
}
