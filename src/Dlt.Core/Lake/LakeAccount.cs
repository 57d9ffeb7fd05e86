using Dlt.Storage;

namespace Dlt.Lake;

/// <summary>An account that holds S3, Glue and Athena in process, such as the local one; it stands in for AWS.</summary>
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

    /// <summary>Working folders of pipelines that load into this account.</summary>
    public abstract string PipelinesFolder { get; }

    /// <summary>The folder of this machine that holds what lies at a location; null for an account elsewhere.</summary>
    internal virtual string? FolderOf(string location) => null;
}
