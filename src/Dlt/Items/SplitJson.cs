namespace Dlt.Items;

/// <summary>JSON text whose items are known, so that it is not split again.</summary>
/// <param name="Document">The text.</param>
/// <param name="Lines">Items of the text that are loaded, one line each.</param>
internal sealed record SplitJson(RawJson Document, IReadOnlyList<ReadOnlyMemory<byte>> Lines);
