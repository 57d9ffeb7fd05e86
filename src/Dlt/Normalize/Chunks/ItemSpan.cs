namespace Dlt.Normalize.Chunks;

/// <summary>The bytes of an item in a chunk.</summary>
/// <param name="Start">Byte offset in the chunk.</param>
/// <param name="Length">Length of the item in bytes.</param>
/// <param name="Line">Line of the file, from 1.</param>
internal readonly record struct ItemSpan(int Start, int Length, long Line);
