using System.Numerics;

namespace Dlt.Iceberg;

/// <summary>
/// Hashes of keys in memory, by open addressing. A key has the position at which it was added: 0, 1, 2, … A slot of four bytes has a
/// position and, in its upper bits, a part of the hash, so a look-up rarely reads the hash of another key.
/// </summary>
internal sealed class KeyTable
{
    private const int SegmentBits = 12;
    private const int SegmentSize = 1 << SegmentBits;
    private const int FirstSlots = 64;

    private UInt128[][] _hashes = [new UInt128[FirstSlots / 2]];
    private uint[] _slots = new uint[FirstSlots];
    private int _bits = BitOperations.Log2(FirstSlots);

    /// <summary>Number of keys.</summary>
    public int Count { get; private set; }

    /// <summary>Bytes of memory after one more key is added.</summary>
    public long BytesWithOneMore => 16L * (Count + 1) + sizeof(uint) * (long)_slots.Length * (IsFull ? 2 : 1);

    private bool IsFull => Count >= _slots.Length / 2;

    /// <summary>Position of a key; -1 when the table does not have it.</summary>
    public int Find(UInt128 hash)
    {
        var slots = _slots;
        var mask = (uint)slots.Length - 1;
        var tag = TagOf(hash, mask);
        for (var at = HomeOf(hash); ; at = (at + 1) & mask)
        {
            var slot = slots[at];
            if (slot == 0) return -1;
            if ((slot & ~mask) != tag) continue;
            var position = (int)(slot & mask) - 1;
            if (HashAt(position) == hash) return position;
        }
    }

    /// <summary>Adds a key.</summary>
    /// <param name="hash">Hash of the key.</param>
    /// <param name="position">Position of the key.</param>
    /// <returns>False when the table has the key already.</returns>
    public bool TryAdd(UInt128 hash, out int position)
    {
        position = Find(hash);
        if (position >= 0) return false;
        if (IsFull) Grow();
        position = Count;
        Append(hash);
        Place(hash, position);
        return true;
    }

    /// <summary>Removes all keys, and keeps the memory for the next ones.</summary>
    public void Clear()
    {
        Array.Clear(_slots);
        Count = 0;
    }

    /// <summary>Returns the keys with their positions, ordered by hash.</summary>
    public IEnumerable<(UInt128 Hash, int Position)> InOrder()
    {
        // The upper bits of a hash give its slot. So keys are in order, except within a run of used slots and across the end of the table.
        var start = Array.IndexOf(_slots, 0u);
        var run = new List<(UInt128 Hash, int Position)>();
        var wrapped = new List<(UInt128 Hash, int Position)>();
        for (var at = 0; at < _slots.Length; at++)
        {
            if (_slots[at] != 0)
            {
                var key = KeyIn(at);
                var isWrapped = at < start && HomeOf(key.Hash) > (uint)at;
                Insert(isWrapped ? wrapped : run, key);
                continue;
            }

            foreach (var key in run) yield return key;
            run.Clear();
        }

        foreach (var key in wrapped) Insert(run, key);
        foreach (var key in run) yield return key;
    }

    private static void Insert(List<(UInt128 Hash, int Position)> run, (UInt128 Hash, int Position) key)
    {
        var at = run.Count;
        while (at > 0 && run[at - 1].Hash > key.Hash) at--;
        run.Insert(at, key);
    }

    private static uint TagOf(UInt128 hash, uint mask) => (uint)(ulong)hash & ~mask;

    private uint HomeOf(UInt128 hash) => (uint)((ulong)(hash >> 64) >> (64 - _bits));

    private UInt128 HashAt(int position) => _hashes[position >> SegmentBits][position & (SegmentSize - 1)];

    private (UInt128 Hash, int Position) KeyIn(int slot)
    {
        var position = (int)(_slots[slot] & (uint)(_slots.Length - 1)) - 1;
        return (HashAt(position), position);
    }

    private void Append(UInt128 hash)
    {
        var segment = Count >> SegmentBits;
        if (segment >= _hashes.Length) Array.Resize(ref _hashes, _hashes.Length * 2);
        var at = Count & (SegmentSize - 1);
        if (_hashes[segment] is null) _hashes[segment] = new UInt128[SegmentSize];
        else if (at >= _hashes[segment].Length) Array.Resize(ref _hashes[segment], _hashes[segment].Length * 2);
        _hashes[segment][at] = hash;
        Count++;
    }

    private void Place(UInt128 hash, int position)
    {
        var mask = (uint)_slots.Length - 1;
        var at = HomeOf(hash);
        while (_slots[at] != 0) at = (at + 1) & mask;
        _slots[at] = TagOf(hash, mask) | (uint)(position + 1);
    }

    private void Grow()
    {
        _slots = new uint[_slots.Length * 2];
        _bits++;
        for (var i = 0; i < Count; i++) Place(HashAt(i), i);
    }
}
