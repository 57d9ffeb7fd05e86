using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Dlt.Parquet;

/// <summary>A column of byte strings: text and JSON in UTF-8, or binary values. At most 2 GB per row group.</summary>
/// <remarks>
/// Appended values are deduplicated by a dictionary. When too many values are distinct, the buffer drops the dictionary and stores values
/// one after another. The arena has the layout of a PLAIN Parquet page: four bytes of length, then the value.
/// </remarks>
public sealed unsafe partial class BytesBuffer : ColumnBuffer
{
    private const int FirstCheck = 4096;
    private const int MaxDictionaryBytes = 1 << 20;

    private readonly NativeArray<int> _codes = new();   // dictionary codes, or offsets of values in the arena
    private NativeArray<byte> _arena = new();
    private int[] _entries = new int[64];    // arena offset of every dictionary entry
    private int[] _table = new int[256];     // open addressing: entry number + 1
    private int _arenaLength;
    private int _entryCount;
    private int _nextCheck = FirstCheck;
    private bool _lacksTable;    // the dictionary came from a file, and no value was looked up in it yet

    /// <summary>Creates an empty buffer.</summary>
    /// <param name="name">Name of the column, for messages.</param>
    /// <param name="useDictionary">False to skip the dictionary for values that are all distinct, such as ids.</param>
    public BytesBuffer(string name, bool useDictionary = true)
        : base(name) => IsDictionary = useDictionary;

    /// <summary>True while the arena holds distinct values and <see cref="Codes"/> refers to them.</summary>
    internal bool IsDictionary { get; private set; }

    /// <inheritdoc/>
    public override long ByteSize => _arenaLength + ValueCount * 4L;

    /// <summary>Distinct values (with a dictionary), or all values in order; each as four bytes of length and its bytes.</summary>
    internal ReadOnlySpan<byte> Arena => _arena.AsSpan(0, _arenaLength);

    /// <summary>Index of each value's dictionary entry.</summary>
    internal ReadOnlySpan<int> Codes => _codes.AsSpan(0, ValueCount);

    /// <summary>Arena offset of each value, without a dictionary.</summary>
    internal ReadOnlySpan<int> Offsets => _codes.AsSpan(0, ValueCount);

    internal int EntryCount => _entryCount;

    /// <summary>Returns a value by its index among the values that are not null.</summary>
    public ReadOnlySpan<byte> Value(int index) => At(IsDictionary ? _entries[_codes.Start[index]] : _codes.Start[index]);

    internal ReadOnlySpan<byte> Entry(int entry) => At(_entries[entry]);

    /// <summary>Appends a value.</summary>
    /// <param name="row">Row of the value: <see cref="ColumnBuffer.Rows"/> or later. Skipped rows are null.</param>
    /// <param name="value">Bytes of the value, which are copied.</param>
    /// <exception cref="DltException">The values exceed 2 GB. The buffer is unchanged.</exception>
    public void Append(int row, ReadOnlySpan<byte> value)
    {
        var at = ValueCount;
        if (at >= _codes.Length) _codes.Reserve(at + 1L);
        _codes.Start[at] = IsDictionary ? Lookup(value) : Store(value);
        Claim(row);
        if (IsDictionary && ValueCount >= _nextCheck) CheckDictionary(ValueCount);
    }

    /// <inheritdoc/>
    public override void Clear()
    {
        base.Clear();
        _arenaLength = 0;
        _entryCount = 0;
        _lacksTable = false;
        Array.Clear(_table);
        if (!IsDictionary) return;
        _nextCheck = FirstCheck;
    }

    /// <inheritdoc/>
    public override ColumnBuffer NewEmpty()
    {
        var empty = new BytesBuffer(Name, IsDictionary);
        empty._codes.Expect(ValueCount);
        empty._arena.Expect(_arenaLength);
        return empty;
    }

    /// <inheritdoc/>
    public override void Release()
    {
        base.Release();
        _arena.Free();
        _codes.Free();
    }

    private protected override void RemoveLast()
    {
        // Without a dictionary, the bytes of the last value are released. A dictionary keeps the entry even if no value uses it.
        if (!IsDictionary) _arenaLength = _codes.Start[ValueCount - 1];
    }

    private protected override void AppendFrom(int row, ColumnBuffer other, int index) => Append(row, ((BytesBuffer)other).Value(index));

    private protected override void AppendValues(ColumnBuffer other)
    {
        var source = (BytesBuffer)other;
        var end = ValueCount + source.ValueCount;
        _codes.Reserve(end);
        if (IsDictionary && !source.IsDictionary) GiveDictionaryUp(ValueCount);
        var codes = _codes.AsSpan(ValueCount, source.ValueCount);
        if (IsDictionary)
        {
            // Entries without values (see RemoveLast) are not copied.
            Span<int> entries = source._entryCount <= 1024 ? stackalloc int[source._entryCount] : new int[source._entryCount];
            for (var i = 0; i < codes.Length; i++)
            {
                var code = source._codes.Start[i];
                if (entries[code] == 0) entries[code] = Lookup(source.Entry(code)) + 1;
                codes[i] = entries[code] - 1;
            }

            if (end >= _nextCheck) CheckDictionary(end);
        }
        else if (source.IsDictionary)
        {
            for (var i = 0; i < codes.Length; i++) codes[i] = Store(source.Value(i));
            source.IsDictionary = false;   // the source is cleared next, and its later values should not use a dictionary either
        }
        else
        {
            _arena.Reserve(_arenaLength + (long)source._arenaLength);
            source.Arena.CopyTo(_arena.AsSpan(_arenaLength, source._arenaLength));
            for (var i = 0; i < codes.Length; i++) codes[i] = source._codes.Start[i] + _arenaLength;
            _arenaLength += source._arenaLength;
        }
    }

    private ReadOnlySpan<byte> At(int offset) => At(_arena, offset);

    private static ReadOnlySpan<byte> At(NativeArray<byte> arena, int offset)
    {
        var p = arena.Start + offset;
        return new(p + 4, Unsafe.ReadUnaligned<int>(p));
    }

    private int Store(ReadOnlySpan<byte> value)
    {
        var offset = _arenaLength;
        var end = offset + 4L + value.Length;
        if (end > _arena.Length) Grow(end);
        var p = _arena.Start + offset;
        Unsafe.WriteUnaligned(p, value.Length);
        value.CopyTo(new Span<byte>(p + 4, value.Length));
        _arenaLength = (int)end;
        return offset;
    }

    private void Grow(long bytes)
    {
        if (bytes > int.MaxValue)
            throw new DltException($"Column '{Name}' has more than 2 GB in one batch. Nothing was loaded. Make the batches smaller.");
        _arena.Reserve(bytes);
    }

    private int Lookup(ReadOnlySpan<byte> value)
    {
        if (_lacksTable) Rehash();
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
        _lacksTable = false;
        _table = new int[Math.Max(_table.Length, (int)BitOperations.RoundUpToPowerOf2((uint)_entryCount)) * 4];
        var mask = _table.Length - 1;
        for (var entry = 0; entry < _entryCount; entry++)
        {
            var slot = (int)Hash(At(_entries[entry])) & mask;
            while (_table[slot] != 0) slot = (slot + 1) & mask;
            _table[slot] = entry + 1;
        }
    }

    /// <summary>Drops the dictionary when more than half of the values are distinct, or when it exceeds one page.</summary>
    private void CheckDictionary(int values)
    {
        while (values >= _nextCheck) _nextCheck *= 4;
        if (_entryCount * 2 <= values && _arenaLength <= MaxDictionaryBytes) return;
        GiveDictionaryUp(values);
    }

    private void GiveDictionaryUp(int values)
    {
        var distinct = _arena;
        _arena = new NativeArray<byte>();
        _arena.Reserve(_arenaLength * 2L);
        _arenaLength = 0;
        IsDictionary = false;
        for (var i = 0; i < values; i++) _codes.Start[i] = Store(At(distinct, _entries[_codes.Start[i]]));
        distinct.Free();
        _lacksTable = false;
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
