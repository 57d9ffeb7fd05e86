namespace Dlt.Storage;

/// <summary>A bucket and a key, printed as <c>s3://bucket/key</c>.</summary>
public sealed record ObjectLocation(string Bucket, string Key)
{
    private const string Scheme = "s3://";

    /// <summary>Reads <c>s3://bucket[/key]</c>; also the older schemes <c>s3a</c> and <c>s3n</c>.</summary>
    /// <exception cref="FormatException">Another form.</exception>
    public static ObjectLocation Parse(string url)
    {
        var at = url.IndexOf("://", StringComparison.Ordinal);
        if (at < 0 || url[..at] is not ("s3" or "s3a" or "s3n"))
            throw new FormatException($"'{url}' is not an S3 location. Write s3://bucket or s3://bucket/prefix.");
        var rest = url[(at + 3)..];
        var slash = rest.IndexOf('/');
        var bucket = slash < 0 ? rest : rest[..slash];
        if (bucket.Length == 0) throw new FormatException($"'{url}' names no bucket. Write s3://bucket or s3://bucket/prefix.");
        return new(bucket, slash < 0 ? "" : rest[(slash + 1)..]);
    }

    /// <summary>Why S3 can have no object under the key, as the end of a sentence; null when it can.</summary>
    public string? KeyFault => ObjectKeyPath.Fault(Key);

    /// <summary>A location below this one, joined by exactly one slash.</summary>
    public ObjectLocation Combine(string relative) => this with
    {
        Key = Key.Length == 0 ? relative.TrimStart('/') : Key.TrimEnd('/') + "/" + relative.TrimStart('/'),
    };

    /// <inheritdoc/>
    public override string ToString() => Key.Length == 0 ? Scheme + Bucket : $"{Scheme}{Bucket}/{Key}";
}

/// <summary>Facts of a stored object.</summary>
/// <param name="Location">Bucket and key.</param>
/// <param name="Size">Bytes.</param>
/// <param name="ETag">Changes whenever the content does; in quotes.</param>
/// <param name="LastModified">When it was written, by the clock of the store: on S3 in whole seconds, where put, head and list may be a
/// second apart.</param>
public sealed record ObjectInfo(ObjectLocation Location, long Size, string ETag, DateTimeOffset LastModified);

/// <summary>What must be true of the present object for a write to happen; the default is no condition.</summary>
/// <param name="IfNoneMatch">True: there must be no object.</param>
/// <param name="IfMatch">The object must have this ETag.</param>
public readonly record struct PutCondition(bool IfNoneMatch = false, string? IfMatch = null)
{
    /// <summary>There must be no object under the key.</summary>
    public static PutCondition MustNotExist { get; } = new(IfNoneMatch: true);

    /// <summary>The object must be the one with this ETag.</summary>
    public static PutCondition MustBe(string etag) => new(IfMatch: etag);
}
