namespace Dlt.Storage;

/// <summary>An object that is not there.</summary>
public sealed class ObjectNotFoundException(ObjectLocation location) : DltException($"There is no object {location}.")
{
    /// <summary>What was asked for.</summary>
    public ObjectLocation Location { get; } = location;
}

/// <summary>A bucket that is not there.</summary>
public sealed class BucketNotFoundException(string bucket) : DltException($"There is no bucket '{bucket}'. Create it, or correct "
    + "bucket_url; nothing was written.")
{
    /// <summary>What was asked for.</summary>
    public string Bucket { get; } = bucket;
}

/// <summary>A conditional write that found another object than expected.</summary>
public sealed class PreconditionFailedException(ObjectLocation location)
    : DltException($"The object {location} changed or exists already; nothing was written.")
{
    /// <summary>What was to be written.</summary>
    public ObjectLocation Location { get; } = location;
}
