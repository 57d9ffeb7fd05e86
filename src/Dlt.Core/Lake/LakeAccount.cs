using Dlt.Storage;

namespace Dlt.Lake;

/// <summary>An account with S3, Glue and Athena: an AWS account, or an in-process substitute such as the local account.</summary>
public abstract class LakeAccount
{
    /// <summary>Object store that holds the buckets (S3). Safe for use by several threads at once.</summary>
    public abstract IObjectStore Objects { get; }

    /// <summary>Catalog of databases and tables (Glue). Safe for use by several threads at once.</summary>
    public abstract IGlueCatalog Glue { get; }

    /// <summary>Query service (Athena). Safe for use by several threads at once.</summary>
    public abstract IAthena Athena { get; }

    /// <summary>Location of datasets, such as <c>s3://lake</c>.</summary>
    public abstract string BucketUrl { get; }

    /// <summary>Location of query results, such as <c>s3://lake/results</c>.</summary>
    public abstract string QueryResultBucket { get; }

    /// <summary>Folder for the working folders of pipelines that load into this account; null for the configured folder.</summary>
    public virtual string? PipelinesFolder => null;

    /// <summary>Returns the local folder that stores the objects below a location; null when the account is not on this machine.</summary>
    public virtual string? FolderOf(string location) => null;

    /// <summary>
    /// Returns the account that a preview reads. An account that its first use would make returns an empty one in the folder instead.
    /// </summary>
    /// <param name="folder">Folder for temporary files. It is deleted after the preview.</param>
    public virtual LakeAccount ForPreview(string folder) => this;
}
