namespace Dlt;

/// <summary>An object that a dead load has left, or may still need.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Location">Location of the object.</param>
/// <param name="SizeBytes">Size in bytes; 0 for an unfinished upload.</param>
/// <param name="LastModified">When it was written, by the clock of the store.</param>
public sealed record OrphanFile(OrphanKind Kind, string Location, long SizeBytes, DateTimeOffset LastModified)
{
    /// <summary>The load that wrote it; null when that is not known.</summary>
    public string? LoadId { get; init; }

    /// <summary>
    /// False: a load that is not complete may still need it. Its pipeline's next run completes it or removes its files.
    /// </summary>
    public bool IsDead { get; init; }

    /// <summary>Id of the unfinished upload.</summary>
    internal string? UploadId { get; init; }
}

/// <summary>Kinds of objects that dead loads leave.</summary>
public enum OrphanKind
{
    /// <summary>A file in the folder of an Iceberg table that none of its snapshots refers to.</summary>
    Unreferenced,

    /// <summary>A file of an external table, of a load that is not complete. Queries see its rows.</summary>
    Incomplete,

    /// <summary>The record of a load that began and did not end.</summary>
    PublishObject,

    /// <summary>An upload in parts that was not finished.</summary>
    Upload,

    /// <summary>A file of a table that the catalog no longer has, in the folder of the dataset.</summary>
    Dropped,
}
