namespace Dlt.Aws;

/// <summary>An AWS account, or services that speak its protocols: logins, and where Athena writes.</summary>
public sealed record AwsAccountOptions
{
    /// <summary>Who calls Glue and Athena.</summary>
    public AwsCredentialOptions Credentials { get; init; } = new();

    /// <summary>Who calls S3; null for <see cref="Credentials"/>. A region that it does not name is that of <see cref="Credentials"/>,
    /// and the other way round.</summary>
    public AwsCredentialOptions? StorageCredentials { get; init; }

    /// <summary>Where tables go, such as <c>s3://lake</c>. Only a load needs it.</summary>
    public string BucketUrl { get; init; } = "";

    /// <summary>Where Athena writes results, such as <c>s3://lake/results</c>; null for the place of the workgroup.</summary>
    public string? QueryResultBucket { get; init; }

    /// <summary>The workgroup of queries; null for Athena's own, <c>primary</c>.</summary>
    public string? WorkGroup { get; init; }

    /// <summary>The catalog of tables that a query names without one.</summary>
    public string Catalog { get; init; } = "awsdatacatalog";
}
