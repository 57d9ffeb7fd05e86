using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Dlt.Columns;

/// <summary>A column of byte strings: text, json, binary. The arena is laid out as a PLAIN Parquet page: four bytes of length, then the value.</summary>
/// <remarks>
/// While parsing, values are looked up in a dictionary; when too many are distinct it is given up and the values lie one after another.
/// What that buys over hashing later: research/performance.md 6.
/// </remarks>
internal sealed class BytesBuffer(string name, bool useDictionary = true) : ColumnBuffer(name)
{
    private const int FirstCheck = 4096;
    private const int MaxDictionaryBytes = 1 << 20;

    private byte[] _arena = new byte[256];
    private int[] _codes = new int[64];      // dictionary codes, or value offsets in the arena
    private int[] _entries = new int[64];    // arena offset of every dictionary entry
    private int[] _table = new int[256];     // open addressing: entry number + 1
    private int _arenaLength;
    private int _entryCount;
    private int _nextCheck = FirstCheck;

    /// <summary>True while the arena holds distinct values and <see cref="Codes"/> refers to them.</summary>
    public bool IsDictionary { get; private set; } = useDictionary;

    public override long ByteSize => _arenaLength + ValueCount * 4L;

    /// <summary>Distinct values (with a dictionary), or all values in order, each as four bytes of length and its bytes.</summary>
    public ReadOnlySpan<byte> Arena => _arena.AsSpan(0, _arenaLength);

    /// <summary>Number of the dictionary entry of each value.</summary>
    public ReadOnlySpan<int> Codes => _codes.AsSpan(0, ValueCount);

    /// <summary>Without dictionary: arena offset of each value.</summary>
    public ReadOnlySpan<int> Offsets => _codes.AsSpan(0, ValueCount);

    public int EntryCount => _entryCount;

    public ReadOnlySpan<byte> Value(int index) => At(IsDictionary ? _entries[_codes[index]] : _codes[index]);

    public ReadOnlySpan<byte> Entry(int entry) => At(_entries[entry]);

    public void Append(int row, ReadOnlySpan<byte> value)
    {
        var at = ValueCount;
        if ((uint)at >= (uint)_codes.Length) Array.Resize(ref _codes, _codes.Length * 2);
        _codes[at] = IsDictionary ? Lookup(value) : Store(value);
        Claim(row);
        if (IsDictionary && ValueCount >= _nextCheck) CheckDictionary();
    }

    public override void Clear()
    {
        base.Clear();
        _arenaLength = 0;
        _entryCount = 0;
        Array.Clear(_table);
        if (!IsDictionary) return;
        _nextCheck = FirstCheck;
    }

    protected override void RemoveLast()
    {
        // Values behind one another: take the bytes back. A dictionary keeps its entry, which then may have no user.
        if (!IsDictionary) _arenaLength = _codes[ValueCount - 1];
    }

    private ReadOnlySpan<byte> At(int offset)
    {
        var length = BinaryPrimitives.ReadInt32LittleEndian(_arena.AsSpan(offset));
        return _arena.AsSpan(offset + 4, length);
    }

    private int Store(ReadOnlySpan<byte> value)
    {
        var offset = _arenaLength;
        var end = (long)offset + 4 + value.Length;
        if (end > _arena.Length) Array.Resize(ref _arena, (int)Math.Min(Array.MaxLength, Math.Max(end, _arena.Length * 2L)));
        Unsafe.WriteUnaligned(ref _arena[offset], value.Length);
        value.CopyTo(_arena.AsSpan(offset + 4));
        _arenaLength = (int)end;
        return offset;
    }

    private int Lookup(ReadOnlySpan<byte> value)
    {
        var mask = _table.Length - 1;
        var slot = (int)Hash(value) & mask;
        while (true)
        {
            var entry = _table[slot] - 1;
            if (entry < 0) break;
            if (At(_entries[entry]).SequenceEqual(value)) return entry;
            slot = (slot + 1) & mask;
        }

        if (_entryCount == _entries.Length) Array.Resize(ref _entries, _entries.Length * 2);
        _entries[_entryCount] = Store(value);
        _table[slot] = ++_entryCount;
        if (_entryCount * 2 > _table.Length) Rehash();
        return _entryCount - 1;
    }

    private void Rehash()
    {
        _table = new int[_table.Length * 4];
        var mask = _table.Length - 1;
        for (var entry = 0; entry < _entryCount; entry++)
        {
            var slot = (int)Hash(At(_entries[entry])) & mask;
            while (_table[slot] != 0) slot = (slot + 1) & mask;
            _table[slot] = entry + 1;
        }
    }

    /// <summary>Gives the dictionary up when more than half of the values are distinct, or when it grows beyond one page.</summary>
    private void CheckDictionary()
    {
        _nextCheck *= 4;
        if (_entryCount * 2 <= ValueCount && _arenaLength <= MaxDictionaryBytes) return;
        var arena = _arena;
        var entries = _entries;
        _arena = new byte[Math.Max(256, _arenaLength * 2)];
        _arenaLength = 0;
        IsDictionary = false;
        for (var i = 0; i < ValueCount; i++)
        {
            var offset = entries[_codes[i]];
            var length = BinaryPrimitives.ReadInt32LittleEndian(arena.AsSpan(offset));
            _codes[i] = Store(arena.AsSpan(offset + 4, length));
        }

        _entryCount = 0;
        _table = new int[2];
        _entries = new int[2];
    }

    private static uint Hash(ReadOnlySpan<byte> value)
    {
        const ulong k = 0x9E3779B97F4A7C15;
        ref var p = ref MemoryMarshal.GetReference(value);
        var length = value.Length;
        ulong h = (ulong)length * k, a;
        if (length >= 8)
        {
            var i = 0;
            for (; i <= length - 8; i += 8)
            {
                a = Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref p, i));
                h = BitOperations.RotateLeft((h ^ a) * k, 29);
            }

            a = Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref p, length - 8));
        }
        else if (length >= 4)
        {
            a = Unsafe.ReadUnaligned<uint>(ref p) | ((ulong)Unsafe.ReadUnaligned<uint>(ref Unsafe.Add(ref p, length - 4)) << 32);
        }
        else
        {
            a = 0;
            for (var i = 0; i < length; i++) a = (a << 8) | Unsafe.Add(ref p, i);
        }

        h = (h ^ a) * k;
        return (uint)(h ^ (h >> 32));
    }
}
