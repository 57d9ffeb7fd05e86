using Dlt.Storage;

namespace Dlt.Lake;

/// <summary>An account that holds S3, Glue and Athena: AWS, or one in process that stands in for AWS, such as the local one.</summary>
public abstract class LakeAccount
{
    /// <summary>S3.</summary>
    public abstract IObjectStore Objects { get; }

    /// <summary>Glue.</summary>
    public abstract IGlueCatalog Glue { get; }

    /// <summary>Athena.</summary>
    public abstract IAthena Athena { get; }

    /// <summary>Where datasets go, such as <c>s3://lake</c>.</summary>
    public abstract string BucketUrl { get; }

    /// <summary>Where query results go.</summary>
    public abstract string QueryResultBucket { get; }

    /// <summary>The folder of the working folders of pipelines that load into this account; null for the configured one.</summary>
    public virtual string? PipelinesFolder => null;

    /// <summary>The folder of this machine that holds what lies at a location; null for an account elsewhere.</summary>
    public virtual string? FolderOf(string location) => null;
}
