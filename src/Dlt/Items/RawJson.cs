namespace Dlt;

/// <summary>A JSON document as it came, UTF-8: an object is an item, an array a page.</summary>
/// <param name="Utf8">The text.</param>
/// <param name="Origin">File or URL, for errors.</param>
public readonly record struct RawJson(ReadOnlyMemory<byte> Utf8, string? Origin = null);
