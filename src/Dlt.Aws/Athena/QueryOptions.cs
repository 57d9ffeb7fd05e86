namespace Dlt.Aws;

/// <summary>How queries of an account run, and how Athena writes their results (Amazon Athena API, StartQueryExecution).</summary>
public sealed record QueryOptions
{
    /// <summary>Time between two questions for the state of a query; null to begin with 0.1 s and end with 2 s.</summary>
    public TimeSpan? PollInterval { get; init; }

    /// <summary>Encryption of results: <c>SSE_S3</c>, <c>SSE_KMS</c> or <c>CSE_KMS</c>; null for that of workgroup and bucket.</summary>
    public string? ResultEncryption { get; init; }

    /// <summary>ARN or id of the KMS key of results; needed by <c>SSE_KMS</c> and <c>CSE_KMS</c>.</summary>
    public string? ResultKmsKey { get; init; }

    /// <summary>Account that must own the bucket of results; null for no check.</summary>
    public string? ResultBucketOwner { get; init; }

    /// <summary>Access list of results, <c>BUCKET_OWNER_FULL_CONTROL</c>; null for none.</summary>
    public string? ResultAcl { get; init; }

    /// <summary>Age up to which Athena may answer with the result of an earlier query, in whole minutes; null never.</summary>
    public TimeSpan? ResultReuse { get; init; }

    /// <summary>The member <c>ResultConfiguration</c> of a request; null if nothing is set.</summary>
    internal JsonValue? ResultConfiguration(string? bucket)
    {
        var result = JsonValue.EmptyObject;
        if (bucket is { Length: > 0 }) result = result.With("OutputLocation", JsonValue.String(bucket.TrimEnd('/') + "/"));
        if (ResultEncryption is { } option)
        {
            var encryption = JsonValue.Object(("EncryptionOption", JsonValue.String(option)));
            if (ResultKmsKey is { } key) encryption = encryption.With("KmsKey", JsonValue.String(key));
            result = result.With("EncryptionConfiguration", encryption);
        }

        if (ResultBucketOwner is { } owner) result = result.With("ExpectedBucketOwner", JsonValue.String(owner));
        if (ResultAcl is { } acl) result = result.With("AclConfiguration", JsonValue.Object(("S3AclOption", JsonValue.String(acl))));
        return result.Members.Count == 0 ? null : result;
    }

    /// <summary>The member <c>ResultReuseConfiguration</c> of a request; null without reuse.</summary>
    internal JsonValue? ResultReuseConfiguration() => ResultReuse is not { } age
        ? null
        : JsonValue.Object(("ResultReuseByAgeConfiguration", JsonValue.Object(
            ("Enabled", JsonValue.Bool(true)), ("MaxAgeInMinutes", JsonValue.Integer((long)age.TotalMinutes)))));
}
