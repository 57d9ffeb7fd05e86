using System.Collections.Immutable;

namespace Dlt.Aws;

/// <summary>
/// What every object gets that a store writes, and what every request to the store says. It belongs to the store, not to a call, so no
/// file can be written without it (Amazon S3 API, PutObject and CreateMultipartUpload).
/// </summary>
public sealed record S3Options
{
    /// <summary>
    /// Encryption of objects: <c>AES256</c> (SSE-S3), <c>aws:kms</c> or <c>aws:kms:dsse</c>; null for that of the bucket.
    /// </summary>
    public string? Encryption { get; init; }

    /// <summary>Id, alias or ARN of the KMS key; null for the key that AWS manages for S3.</summary>
    public string? KmsKeyId { get; init; }

    /// <summary>Encryption context of the KMS key: base64 of a JSON object of texts; null for none.</summary>
    public string? EncryptionContext { get; init; }

    /// <summary>True to use a key of the bucket, which saves calls of KMS; null as the bucket says.</summary>
    public bool? UsesBucketKey { get; init; }

    /// <summary>Canned access list of objects, such as <c>bucket-owner-full-control</c>; null for none.</summary>
    public string? Acl { get; init; }

    /// <summary>Storage class of objects, such as <c>INTELLIGENT_TIERING</c>; null for <c>STANDARD</c>.</summary>
    public string? StorageClass { get; init; }

    /// <summary>Tags of objects in the form of a query, <c>team=sales&amp;stage=raw</c>; null for none.</summary>
    public string? Tagging { get; init; }

    /// <summary>Metadata of objects by key, without <c>x-amz-meta-</c>.</summary>
    public ImmutableDictionary<string, string> Metadata { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>True to pay for the requests to a bucket whose owner does not.</summary>
    public bool PaysRequests { get; init; }

    /// <summary>Account that must own the bucket; requests to a bucket of another account fail. Null for no check.</summary>
    public string? ExpectedBucketOwner { get; init; }

    /// <summary>True for the bucket in the path of the URL, false for its name in the host; null for what the endpoint needs.</summary>
    public bool? UsesPathStyle { get; init; }

    /// <summary>True to use S3 Transfer Acceleration, which must be on for the bucket.</summary>
    public bool UsesAcceleration { get; init; }

    /// <summary>Time limits, attempts and connections.</summary>
    public S3ConnectionOptions Connection { get; init; } = new();

    /// <summary>Headers of the requests that begin to write an object.</summary>
    internal IEnumerable<(string Name, string Value)> WriteHeaders()
    {
        if (Encryption is { } encryption) yield return ("x-amz-server-side-encryption", encryption);
        if (KmsKeyId is { } key) yield return ("x-amz-server-side-encryption-aws-kms-key-id", key);
        if (EncryptionContext is { } context) yield return ("x-amz-server-side-encryption-context", context);
        if (UsesBucketKey is { } bucketKey) yield return ("x-amz-server-side-encryption-bucket-key-enabled", bucketKey ? "true" : "false");
        if (Acl is { } acl) yield return ("x-amz-acl", acl);
        if (StorageClass is { } storage) yield return ("x-amz-storage-class", storage);
        if (Tagging is { } tags) yield return ("x-amz-tagging", tags);
        foreach (var (name, value) in Metadata) yield return ("x-amz-meta-" + name, value);
    }

    /// <summary>Headers of all requests.</summary>
    internal IEnumerable<(string Name, string Value)> RequestHeaders()
    {
        if (PaysRequests) yield return ("x-amz-request-payer", "requester");
        if (ExpectedBucketOwner is { } owner) yield return ("x-amz-expected-bucket-owner", owner);
    }
}
