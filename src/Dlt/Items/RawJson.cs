namespace Dlt;

/// <summary>A JSON document as UTF-8 text, not parsed. An object is one item, an array is a page of items.</summary>
/// <param name="Utf8">Text of the document, UTF-8.</param>
/// <param name="Origin">File or URL of the document, for error messages; null when unknown.</param>
public readonly record struct RawJson(ReadOnlyMemory<byte> Utf8, string? Origin = null);
