namespace Dlt.Iceberg;

/// <summary>A Bloom filter of hashes of keys: four bits of one word for each key. Testing is safe for concurrent use.</summary>
/// <param name="bytes">Size in bytes. With 8 bits for each key about one of 20 other keys passes, with 4 bits one of 6.</param>
internal sealed class KeyFilter(long bytes)
{
    private readonly ulong[] _words = new ulong[Math.Max(bytes / sizeof(ulong), 1)];

    /// <summary>Adds a key.</summary>
    public void Add(UInt128 hash) => _words[WordOf(hash)] |= BitsOf(hash);

    /// <summary>False only if the key was not added.</summary>
    public bool MayHave(UInt128 hash)
    {
        var bits = BitsOf(hash);
        return (_words[WordOf(hash)] & bits) == bits;
    }

    private static ulong BitsOf(UInt128 hash)
    {
        var lower = (ulong)hash;
        return 1UL << (int)lower | 1UL << (int)(lower >> 6) | 1UL << (int)(lower >> 12) | 1UL << (int)(lower >> 18);
    }

    private long WordOf(UInt128 hash) => (long)Math.BigMul((ulong)(hash >> 64), (ulong)_words.Length, out _);
}
