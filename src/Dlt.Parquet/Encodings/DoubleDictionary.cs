namespace Dlt.Parquet.Encodings;

/// <summary>Finds the distinct values of a column of doubles, as long as there are few: amounts and rates repeat, and eight bytes each are much work for compression.</summary>
internal sealed class DoubleDictionary
{
    private const int FirstCheck = 4096;
    private const int SecondCheck = 16_384;

    private long[] _entries = new long[1024];   // bits, so that zeros of both signs and every NaN stay themselves
    private int[] _table = new int[4096];       // open addressing: entry number + 1
    private int[] _codes = [];

    public int EntryCount { get; private set; }

    /// <summary>Distinct values as bits, in the order in which they came.</summary>
    public ReadOnlySpan<long> Entries => _entries.AsSpan(0, EntryCount);

    /// <summary>Entry number of every value.</summary>
    public ReadOnlySpan<int> Codes => _codes;

    /// <summary>Takes the values; false when too many are distinct.</summary>
    public bool TryBuild(ReadOnlySpan<double> values)
    {
        if (values.Length < FirstCheck) return false;
        EntryCount = 0;
        Array.Clear(_table);
        if (_codes.Length < values.Length) _codes = new int[values.Length];
        for (var i = 0; i < values.Length; i++)
        {
            if (i is FirstCheck or SecondCheck && EntryCount > (i == FirstCheck ? i / 10 * 9 : i / 2)) return false;
            _codes[i] = CodeOf(BitConverter.DoubleToInt64Bits(values[i]));
        }

        return EntryCount <= values.Length / 2;
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
