using Apache.Arrow;
using Dlt.Parquet;

namespace Dlt.Normalize.Chunks;

/// <summary>
/// A part of an extracted job that ends between two items, with its position in the file and in the package. A worker reuses the same
/// object.
/// </summary>
internal sealed class Chunk
{
    /// <summary>Number of bytes that the scanner may read beyond the end.</summary>
    public const int Padding = 64;

    private readonly NativeArray<byte> _bytes = new();

    /// <summary>Index among the chunks of the package: 0, 1, 2, …</summary>
    public long Number { get; set; }

    public required ExtractedJob Job { get; set; }

    /// <summary>Number of bytes, all of whole lines or items.</summary>
    public int Length { get; set; }

    /// <summary>Byte offset in the file at which the chunk begins.</summary>
    public long Offset { get; set; }

    /// <summary>1-based line of the file at which the chunk begins.</summary>
    public long Line { get; set; }

    /// <summary>True for the last chunk of the job.</summary>
    public bool IsLast { get; set; }

    /// <summary>Positions of the items; empty when every line is an item.</summary>
    public List<ItemSpan> Items { get; } = [];

    /// <summary>True when <see cref="Items"/> has the positions.</summary>
    public bool HasPlaces { get; set; }

    /// <summary>Rows of a job that holds batches instead of text; disposed when replaced.</summary>
    public RecordBatch? Batch
    {
        get;
        set
        {
            field?.Dispose();
            field = value;
        }
    }

    /// <summary>Memory of the chunk without the padding; it does not move until <see cref="Reserve"/>.</summary>
    public Span<byte> Memory => _bytes.AsSpan(0, Math.Max(0, _bytes.Length - Padding));

    public ReadOnlySpan<byte> Bytes => _bytes.AsSpan(0, Length);

    /// <summary>Sets the padding after the end to zero.</summary>
    public void Pad() => _bytes.AsSpan(Length, Padding).Clear();

    /// <summary>Reserves at least <paramref name="length"/> bytes and keeps the content.</summary>
    public void Reserve(long length) => _bytes.Reserve(Math.Min(System.Array.MaxLength, length + Padding));

    /// <summary>Frees the memory.</summary>
    public void Release() => _bytes.Free();
}
