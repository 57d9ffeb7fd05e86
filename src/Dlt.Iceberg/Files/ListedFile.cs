namespace Dlt.Iceberg;

/// <summary>A file in a listing.</summary>
/// <param name="Location">Location of the file, for the methods of <see cref="IFileIO"/>.</param>
/// <param name="Size">Size in bytes.</param>
/// <param name="LastModified">Time of the last write.</param>
public sealed record ListedFile(string Location, long Size, DateTimeOffset LastModified);
