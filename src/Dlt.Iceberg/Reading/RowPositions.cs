using System.Numerics;

namespace Dlt.Iceberg;

/// <summary>Positions of rows in a file, one bit for each row of the file. Not safe for concurrent use.</summary>
/// <param name="rows">Number of rows of the file.</param>
internal sealed class RowPositions(long rows)
{
    private readonly ulong[] _words = new ulong[(rows + 63) / 64];

    /// <summary>Number of positions.</summary>
    public long Count { get; private set; }

    /// <summary>Adds all positions of the file.</summary>
    public static RowPositions All(long rows)
    {
        var all = new RowPositions(rows);
        Array.Fill(all._words, ulong.MaxValue);
        if ((rows & 63) != 0) all._words[^1] = (1UL << (int)(rows & 63)) - 1;
        all.Count = rows;
        return all;
    }

    /// <summary>Adds a position. Positions behind the end of the file are ignored.</summary>
    public void Add(long position)
    {
        if (position < 0 || position >= rows || Contains(position)) return;
        _words[position >> 6] |= 1UL << (int)(position & 63);
        Count++;
    }

    /// <summary>Removes a position.</summary>
    public void Remove(long position)
    {
        if (!Contains(position)) return;
        _words[position >> 6] &= ~(1UL << (int)(position & 63));
        Count--;
    }

    /// <summary>Removes the positions of another set of the same file.</summary>
    public void RemoveAll(RowPositions others)
    {
        Count = 0;
        for (var i = 0; i < _words.Length; i++) Count += BitOperations.PopCount(_words[i] &= ~others._words[i]);
    }

    /// <summary>True when the set has the position.</summary>
    public bool Contains(long position) =>
        position >= 0 && position < rows && (_words[position >> 6] & (1UL << (int)(position & 63))) != 0;

    /// <summary>True when the set has a position in a range.</summary>
    public bool HasAny(long from, int count) => CountIn(from, count) > 0;

    /// <summary>Number of positions in a range.</summary>
    public int CountIn(long from, int count)
    {
        var total = 0;
        for (var done = 0; done < count; done += 64) total += BitOperations.PopCount(Read(from + done, Math.Min(64, count - done)));
        return total;
    }

    /// <summary>Bits of a range, with the least-significant bit first.</summary>
    public ulong[] Slice(long from, int count)
    {
        var slice = new ulong[(count + 63) / 64];
        for (var i = 0; i < slice.Length; i++) slice[i] = Read(from + (i * 64L), Math.Min(64, count - (i * 64)));
        return slice;
    }

    /// <summary>The positions, ascending.</summary>
    public IEnumerable<long> Ascending()
    {
        for (var i = 0; i < _words.Length; i++)
            for (var word = _words[i]; word != 0; word &= word - 1) yield return (i * 64L) + BitOperations.TrailingZeroCount(word);
    }

    private ulong Read(long from, int count)
    {
        var (word, shift) = (from >> 6, (int)(from & 63));
        var bits = _words[word] >> shift;
        if (shift + count > 64) bits |= _words[word + 1] << (64 - shift);
        return count == 64 ? bits : bits & ((1UL << count) - 1);
    }
}
