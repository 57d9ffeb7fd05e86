namespace Dlt.Storage;

/// <summary>Names an object by bucket and key, printed as <c>s3://bucket/key</c>.</summary>
public sealed record ObjectLocation(string Bucket, string Key)
{
    private const string Scheme = "s3://";

    /// <summary>Parses <c>s3://bucket[/key]</c>; the older schemes <c>s3a</c> and <c>s3n</c> are accepted too.</summary>
    /// <exception cref="FormatException">The text has another form.</exception>
    public static ObjectLocation Parse(string url)
    {
        var at = url.IndexOf("://", StringComparison.Ordinal);
        if (at < 0 || url[..at] is not ("s3" or "s3a" or "s3n"))
            throw new FormatException($"'{url}' is not an S3 location. Write s3://bucket or s3://bucket/prefix.");
        var rest = url[(at + 3)..];
        var slash = rest.IndexOf('/');
        var bucket = slash < 0 ? rest : rest[..slash];
        if (bucket.Length == 0) throw new FormatException($"'{url}' does not name a bucket. Write s3://bucket or s3://bucket/prefix.");
        return new(bucket, slash < 0 ? "" : rest[(slash + 1)..]);
    }

    /// <summary>Reason why S3 cannot store an object under the key, as the end of a sentence; null when it can.</summary>
    public string? KeyFault => ObjectKeyPath.Fault(Key);

    /// <summary>Returns a location below this one, joined by exactly one slash.</summary>
    public ObjectLocation Combine(string relative) => this with
    {
        Key = Key.Length == 0 ? relative.TrimStart('/') : Key.TrimEnd('/') + "/" + relative.TrimStart('/'),
    };

    /// <inheritdoc/>
    public override string ToString() => Key.Length == 0 ? Scheme + Bucket : $"{Scheme}{Bucket}/{Key}";
}

/// <summary>Facts of a stored object.</summary>
/// <param name="Location">Bucket and key.</param>
/// <param name="Size">Size in bytes.</param>
/// <param name="ETag">Entity tag, in quotes; it changes whenever the content changes.</param>
/// <param name="LastModified">Time of the last write, by the clock of the store. S3 keeps whole seconds, and put, head and list may differ
/// by one second.</param>
public sealed record ObjectInfo(ObjectLocation Location, long Size, string ETag, DateTimeOffset LastModified);

/// <summary>Condition that the present object must meet for a write; the default is no condition.</summary>
/// <param name="IfNoneMatch">True: the object must not exist.</param>
/// <param name="IfMatch">The object must have this ETag.</param>
public readonly record struct PutCondition(bool IfNoneMatch = false, string? IfMatch = null)
{
    /// <summary>The object must not exist.</summary>
    public static PutCondition MustNotExist { get; } = new(IfNoneMatch: true);

    /// <summary>The object must have this ETag.</summary>
    public static PutCondition MustBe(string etag) => new(IfMatch: etag);
}
