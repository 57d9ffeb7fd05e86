using System.Buffers;
using System.Buffers.Binary;

namespace Dlt.Iceberg;

/// <summary>Keys in a temporary file, ordered by hash. Looking up reads one block of the file and is safe for concurrent use.</summary>
internal sealed class KeyRun : IDisposable
{
    private const int BlockBytes = 4096;
    private const int KeyBytes = 20;
    private const int BlockKeys = BlockBytes / KeyBytes;
    private const int BlocksAtOnce = 64;

    private readonly SpillFile _file;
    private readonly ulong[] _firsts;

    /// <param name="file">The file with the keys.</param>
    /// <param name="firsts">The upper half of the first hash of each block.</param>
    /// <param name="count">Number of keys.</param>
    private KeyRun(SpillFile file, ulong[] firsts, int count)
    {
        _file = file;
        _firsts = firsts;
        Count = count;
    }

    /// <summary>Number of keys.</summary>
    public int Count { get; }

    /// <summary>Writes keys to a file.</summary>
    /// <param name="folder">Folder of the file.</param>
    /// <param name="keys">The keys with their indexes, ordered by hash, each once.</param>
    public static KeyRun Write(string folder, IEnumerable<(UInt128 Hash, int Index)> keys)
    {
        var file = new SpillFile(folder);
        var rented = ArrayPool<byte>.Shared.Rent(BlockBytes * BlocksAtOnce);
        try
        {
            var firsts = new List<ulong>();
            var buffer = rented.AsSpan(0, BlockBytes * BlocksAtOnce);
            var (count, offset) = (0, 0L);
            foreach (var (hash, index) in keys)
            {
                var at = count % BlockKeys;
                if (at == 0)
                {
                    if (firsts.Count > 0 && firsts.Count % BlocksAtOnce == 0)
                    {
                        file.Write(offset, buffer);
                        offset += buffer.Length;
                    }

                    firsts.Add((ulong)(hash >> 64));
                }

                var entry = buffer.Slice((firsts.Count - 1) % BlocksAtOnce * BlockBytes + at * KeyBytes, KeyBytes);
                BinaryPrimitives.WriteUInt128LittleEndian(entry, hash);
                BinaryPrimitives.WriteInt32LittleEndian(entry[16..], index);
                count++;
            }

            if (count > 0) file.Write(offset, buffer[..((firsts.Count - 1) % BlocksAtOnce * BlockBytes + BlockBytes)]);
            return new(file, [.. firsts], count);
        }
        catch
        {
            file.Dispose();
            throw;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }

    /// <summary>Index of a key; -1 when the run does not have it.</summary>
    public int Find(UInt128 hash)
    {
        var upper = (ulong)(hash >> 64);
        Span<byte> block = stackalloc byte[BlockBytes];
        // Blocks that begin with the same upper half follow each other, and the one before them may end with it.
        for (var at = Math.Max(FirstAtLeast(upper) - 1, 0); at < _firsts.Length && _firsts[at] <= upper; at++)
        {
            var keys = Math.Min(BlockKeys, Count - at * BlockKeys);
            Read(at, block[..(keys * KeyBytes)]);
            if (FindIn(block, keys, hash) is >= 0 and var index) return index;
        }

        return -1;
    }

    /// <summary>Returns the keys in their order.</summary>
    public IEnumerable<(UInt128 Hash, int Index)> InOrder()
    {
        var buffer = ArrayPool<byte>.Shared.Rent(BlockBytes * BlocksAtOnce);
        for (var first = 0; first < _firsts.Length; first += BlocksAtOnce)
        {
            var blocks = Math.Min(BlocksAtOnce, _firsts.Length - first);
            Read(first, buffer.AsSpan(0, blocks * BlockBytes));
            var keys = Math.Min(blocks * BlockKeys, Count - first * BlockKeys);
            for (var i = 0; i < keys; i++)
                yield return KeyAt(buffer.AsSpan(i / BlockKeys * BlockBytes + i % BlockKeys * KeyBytes, KeyBytes));
        }

        ArrayPool<byte>.Shared.Return(buffer);
    }

    public void Dispose() => _file.Dispose();

    private static (UInt128 Hash, int Index) KeyAt(ReadOnlySpan<byte> entry) =>
        (BinaryPrimitives.ReadUInt128LittleEndian(entry), BinaryPrimitives.ReadInt32LittleEndian(entry[16..]));

    private static int FindIn(ReadOnlySpan<byte> block, int keys, UInt128 hash)
    {
        var (low, high) = (0, keys - 1);
        while (low <= high)
        {
            var middle = (low + high) / 2;
            var key = KeyAt(block.Slice(middle * KeyBytes, KeyBytes));
            if (key.Hash == hash) return key.Index;
            if (key.Hash < hash) low = middle + 1;
            else high = middle - 1;
        }

        return -1;
    }

    private void Read(int block, Span<byte> bytes)
    {
        if (_file.Read(block * (long)BlockBytes, bytes) < bytes.Length)
            throw new IOException("A temporary file with the keys of a merge was shortened by another program. Nothing was "
                + "committed. Run the merge again.");
    }

    /// <summary>The first block that begins with this upper half or a greater one.</summary>
    private int FirstAtLeast(ulong upper)
    {
        var (low, high) = (0, _firsts.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (_firsts[middle] < upper) low = middle + 1;
            else high = middle;
        }

        return low;
    }
}
