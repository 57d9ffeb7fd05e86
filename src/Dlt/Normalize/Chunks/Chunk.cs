using Apache.Arrow;
using Dlt.Parquet;

namespace Dlt.Normalize.Chunks;

/// <summary>
/// A piece of an extracted job that ends between two items, with its place in the file and in the package. Used again and again by one
/// worker.
/// </summary>
internal sealed class Chunk
{
    /// <summary>The scanner may look this far beyond the end.</summary>
    public const int Padding = 64;

    private readonly NativeArray<byte> _bytes = new();

    /// <summary>Place among the chunks of the package: 0, 1, 2, …</summary>
    public long Number { get; set; }

    public required ExtractedJob Job { get; set; }

    /// <summary>Bytes of whole lines or items.</summary>
    public int Length { get; set; }

    /// <summary>Byte of the file at which the chunk begins.</summary>
    public long Offset { get; set; }

    /// <summary>1-based line of the file at which the chunk begins.</summary>
    public long Line { get; set; }

    /// <summary>True when nothing of the job is left after this chunk.</summary>
    public bool IsLast { get; set; }

    /// <summary>Where the items lie; empty when every line is one.</summary>
    public List<ItemPlace> Items { get; } = [];

    /// <summary>True when <see cref="Items"/> tells where they lie.</summary>
    public bool HasPlaces { get; set; }

    /// <summary>The rows, when the job holds batches instead of text; disposed when it is replaced.</summary>
    public RecordBatch? Batch
    {
        get;
        set
        {
            field?.Dispose();
            field = value;
        }
    }

    /// <summary>Memory that stays where it is until <see cref="Reserve"/>, without the padding.</summary>
    public Span<byte> Memory => _bytes.AsSpan(0, Math.Max(0, _bytes.Length - Padding));

    public ReadOnlySpan<byte> Bytes => _bytes.AsSpan(0, Length);

    /// <summary>The bytes behind the end become zero.</summary>
    public void Pad() => _bytes.AsSpan(Length, Padding).Clear();

    /// <summary>Makes room for at least <paramref name="length"/> bytes; those that are there stay.</summary>
    public void Reserve(long length) => _bytes.Reserve(Math.Min(System.Array.MaxLength, length + Padding));

    /// <summary>Gives the memory back.</summary>
    public void Release() => _bytes.Free();
}
