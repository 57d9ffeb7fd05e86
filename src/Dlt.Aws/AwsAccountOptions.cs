namespace Dlt.Aws;

/// <summary>Options for an AWS account, or for services that support its protocols: logins, and where Athena writes.</summary>
public sealed record AwsAccountOptions
{
    /// <summary>Login for Glue and Athena.</summary>
    public AwsCredentialOptions Credentials { get; init; } = new();

    /// <summary>
    /// Login for S3; null for <see cref="Credentials"/>. If one of the two names no region, it uses the region of the other.
    /// </summary>
    public AwsCredentialOptions? StorageCredentials { get; init; }

    /// <summary>Bucket, or folder in it, that tables are written to, such as <c>s3://lake</c>. Only loads need it.</summary>
    public string BucketUrl { get; init; } = "";

    /// <summary>Folder for results of queries, such as <c>s3://lake/results</c>; null for that of the workgroup.</summary>
    public string? QueryResultBucket { get; init; }

    /// <summary>Workgroup of queries; null for Athena's default, <c>primary</c>.</summary>
    public string? WorkGroup { get; init; }

    /// <summary>
    /// Catalog of tables that a query names without a catalog. If it is not the account's own, Athena must know it. Calls to Glue go to
    /// the Data Catalog behind one of type GLUE, which may belong to another account; one of type HIVE or LAMBDA is read by Athena's
    /// metadata calls, and changed by statements only.
    /// </summary>
    public string Catalog { get; init; } = DataCatalog.Default;

    /// <summary>Encryption, access and payment of objects.</summary>
    public S3Options Storage { get; init; } = new();

    /// <summary>How queries run, and how their results are written.</summary>
    public QueryOptions Queries { get; init; } = new();
}
