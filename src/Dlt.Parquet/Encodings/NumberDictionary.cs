using System.Numerics;

namespace Dlt.Parquet.Encodings;

/// <summary>
/// Finds the distinct values of a numeric column, as long as a dictionary is smaller: amounts, counts and days repeat, and compressing
/// eight bytes each is slow. Like parquet-mr, it falls back to PLAIN when the dictionary grows too large.
/// </summary>
internal sealed class NumberDictionary(int maxBytes)
{
    private const int FirstCheck = 4096;
    private const int SecondCheck = 16_384;

    private long[] _entries = new long[1024];   // bits, to keep zeros of both signs and every NaN distinct
    private int[] _table = new int[4096];       // open addressing: entry number + 1
    private int[] _codes = [];

    public int EntryCount { get; private set; }

    /// <summary>Distinct values in the order of their first occurrence; doubles as bits.</summary>
    public ReadOnlySpan<long> Entries => _entries.AsSpan(0, EntryCount);

    /// <summary>Index of each value's entry.</summary>
    public ReadOnlySpan<int> Codes => _codes;

    /// <summary>Builds the dictionary.</summary>
    /// <param name="values">All values of the column chunk.</param>
    /// <param name="width">Bytes of a value in the file.</param>
    /// <returns>False when too many values are distinct, so codes and entries would not be clearly smaller than the values.</returns>
    public bool TryBuild(ReadOnlySpan<long> values, int width)
    {
        EntryCount = 0;
        if (values.IsEmpty) return false;
        Array.Clear(_table);
        if (_codes.Length < values.Length) _codes = new int[values.Length];
        var most = Math.Min(maxBytes / width, values.Length / 2);
        for (var start = 0; start < values.Length;)
        {
            var end = start < FirstCheck ? FirstCheck : start < SecondCheck ? SecondCheck : values.Length;
            end = Math.Min(end, values.Length);
            for (var i = start; i < end; i++) _codes[i] = CodeOf(values[i]);
            start = end;
            if (EntryCount > most) return false;
            if ((end == FirstCheck && EntryCount > FirstCheck / 10 * 9) || (end == SecondCheck && EntryCount > SecondCheck / 2))
                return false;
        }

        return Pays(values.Length, width);
    }

    private bool Pays(long values, int width)
    {
        const int bits = 8;
        var codeBits = Math.Max(1, 32 - BitOperations.LeadingZeroCount((uint)(EntryCount - 1)));
        var plain = values * width * bits;
        return (EntryCount * (long)width * bits) + (values * codeBits) <= plain / 4 * 3;
    }

    private int CodeOf(long bits)
    {
        var mask = _table.Length - 1;
        var slot = SlotOf(bits, mask);
        while (_table[slot] != 0)
        {
            if (_entries[_table[slot] - 1] == bits) return _table[slot] - 1;
            slot = (slot + 1) & mask;
        }

        if (EntryCount == _entries.Length) Array.Resize(ref _entries, EntryCount * 2);
        _entries[EntryCount] = bits;
        _table[slot] = ++EntryCount;
        if (EntryCount * 2 > _table.Length) Rehash();
        return EntryCount - 1;
    }

    private void Rehash()
    {
        _table = new int[_table.Length * 4];
        var mask = _table.Length - 1;
        for (var entry = 0; entry < EntryCount; entry++)
        {
            var slot = SlotOf(_entries[entry], mask);
            while (_table[slot] != 0) slot = (slot + 1) & mask;
            _table[slot] = entry + 1;
        }
    }

    private static int SlotOf(long bits, int mask)
    {
        var hash = (ulong)bits * 0x9E3779B97F4A7C15;
        return (int)(hash >> 40) & mask;
    }
}
