namespace Dlt.Iceberg;

/// <summary>A file that a listing has found.</summary>
/// <param name="Location">Where it is, as <see cref="IFileIO"/> takes it.</param>
/// <param name="Size">Its bytes.</param>
/// <param name="LastModified">When it was written.</param>
public sealed record ListedFile(string Location, long Size, DateTimeOffset LastModified);
