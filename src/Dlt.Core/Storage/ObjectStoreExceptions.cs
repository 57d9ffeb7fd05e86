namespace Dlt.Storage;

/// <summary>Thrown when an object does not exist.</summary>
public sealed class ObjectNotFoundException(ObjectLocation location) : DltException($"There is no object {location}.")
{
    /// <summary>Bucket and key of the requested object.</summary>
    public ObjectLocation Location { get; } = location;
}

/// <summary>Thrown when a bucket does not exist.</summary>
public sealed class BucketNotFoundException(string bucket) : DltException($"There is no bucket '{bucket}'. Create it, or correct "
    + "bucket_url; nothing was written.")
{
    /// <summary>Name of the requested bucket.</summary>
    public string Bucket { get; } = bucket;
}

/// <summary>Thrown when a store does not know conditions of writes or deletes. Nothing was changed.</summary>
public sealed class ConditionNotSupportedException(ObjectLocation location, Exception? innerException = null) : DltException(
    $"The store of {location} refuses conditions of writes (If-None-Match, If-Match); nothing was changed. Use a store with conditional "
    + "writes.", innerException)
{
    /// <summary>Bucket and key of the object to write or delete.</summary>
    public ObjectLocation Location { get; } = location;
}

/// <summary>Thrown when the condition of a write is not met. Nothing was written.</summary>
public sealed class PreconditionFailedException(ObjectLocation location)
    : DltException($"The object {location} changed or exists already; nothing was written.")
{
    /// <summary>Bucket and key of the object to write.</summary>
    public ObjectLocation Location { get; } = location;
}
