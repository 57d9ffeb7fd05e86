namespace Dlt.Iceberg;

/// <summary>A set of indexes of keys, one bit for each. Safe for concurrent use.</summary>
internal sealed class MarkedKeys
{
    private const int SegmentBits = 16;
    private const int SegmentWords = (1 << SegmentBits) / 32;

    private readonly Lock _lock = new();
    private int[]?[] _segments = new int[]?[1];

    /// <summary>Adds an index.</summary>
    public void Add(int index)
    {
        ref var word = ref SegmentOf(index)[WordOf(index)];
        var bit = 1 << index;
        if ((Volatile.Read(ref word) & bit) == 0) Interlocked.Or(ref word, bit);
    }

    /// <summary>True when the index was added.</summary>
    public bool Contains(int index)
    {
        var segments = Volatile.Read(ref _segments);
        var segment = index >> SegmentBits;
        return segment < segments.Length && Volatile.Read(ref segments[segment]) is { } words && (words[WordOf(index)] & 1 << index) != 0;
    }

    private static int WordOf(int index) => (index & ((1 << SegmentBits) - 1)) >> 5;

    private int[] SegmentOf(int index)
    {
        var segment = index >> SegmentBits;
        var segments = Volatile.Read(ref _segments);
        if (segment < segments.Length && Volatile.Read(ref segments[segment]) is { } known) return known;
        lock (_lock)
        {
            segments = _segments;
            if (segment >= segments.Length)
            {
                Array.Resize(ref segments, Math.Max(segment + 1, segments.Length * 2));
                Volatile.Write(ref _segments, segments);
            }

            if (segments[segment] is not { } words) Volatile.Write(ref segments[segment], words = new int[SegmentWords]);
            return words;
        }
    }
}
