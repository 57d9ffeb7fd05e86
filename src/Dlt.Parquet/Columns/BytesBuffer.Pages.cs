using System.Runtime.CompilerServices;

namespace Dlt.Parquet;

/// <content>Values from pages of a file, and the removal of values.</content>
public sealed unsafe partial class BytesBuffer
{
    /// <summary>
    /// Begins an empty buffer with the dictionary of a file. Its codes follow.
    /// </summary>
    /// <param name="arena">Entries, each as four bytes of length and its bytes.</param>
    /// <param name="offsets">Offset of each entry.</param>
    internal void Begin(ReadOnlySpan<byte> arena, ReadOnlySpan<int> offsets)
    {
        _arena.Reserve(arena.Length);
        arena.CopyTo(_arena.AsSpan(0, arena.Length));
        _arenaLength = arena.Length;
        if (_entries.Length < offsets.Length) _entries = new int[offsets.Length];
        offsets.CopyTo(_entries);
        _entryCount = offsets.Length;
        _lacksTable = true;
        IsDictionary = true;
        _nextCheck = int.MaxValue;   // the file's writer has decided for the dictionary
    }

    /// <summary>
    /// Appends values of the dictionary that <see cref="Begin"/> set. <see cref="ColumnBuffer.AppendRows"/> adds their rows.
    /// </summary>
    internal void AppendCodes(ReadOnlySpan<int> codes)
    {
        _codes.Reserve(ValueCount + (long)codes.Length);
        codes.CopyTo(_codes.AsSpan(ValueCount, codes.Length));
    }

    /// <summary>Appends values of any dictionary. <see cref="ColumnBuffer.AppendRows"/> adds their rows.</summary>
    /// <param name="arena">Entries, each as four bytes of length and its bytes.</param>
    /// <param name="offsets">Offset of each entry.</param>
    /// <param name="codes">Entry of each value.</param>
    internal void AppendCodes(ReadOnlySpan<byte> arena, ReadOnlySpan<int> offsets, ReadOnlySpan<int> codes)
    {
        _codes.Reserve(ValueCount + (long)codes.Length);
        var known = IsDictionary ? new int[offsets.Length] : [];
        for (var i = 0; i < codes.Length; i++)
        {
            var code = codes[i];
            var at = offsets[code];
            var value = arena.Slice(at + sizeof(int), Unsafe.ReadUnaligned<int>(in arena[at]));
            if (!IsDictionary)
            {
                _codes.Start[ValueCount + i] = Store(value);
                continue;
            }

            if (known[code] == 0) known[code] = Lookup(value) + 1;
            _codes.Start[ValueCount + i] = known[code] - 1;
        }
    }

    /// <summary>Appends values, which are stored without a dictionary. <see cref="ColumnBuffer.AppendRows"/> adds their rows.</summary>
    /// <param name="bytes">Values, each as four bytes of length and its bytes; more bytes may follow.</param>
    /// <param name="count">Number of values.</param>
    /// <returns>Number of bytes of the values.</returns>
    /// <exception cref="FormatException">The bytes end within a value.</exception>
    internal int AppendPlain(ReadOnlySpan<byte> bytes, int count)
    {
        StopDictionary();
        _codes.Reserve(ValueCount + (long)count);
        var codes = _codes.AsSpan(ValueCount, count);
        var at = 0;
        for (var i = 0; i < codes.Length; i++)
        {
            codes[i] = _arenaLength + at;
            at = NextValue(bytes, at);
        }

        Grow(_arenaLength + (long)at);
        bytes[..at].CopyTo(_arena.AsSpan(_arenaLength, at));
        _arenaLength += at;
        return at;
    }

    /// <summary>Appends values of one length. <see cref="ColumnBuffer.AppendRows"/> adds their rows.</summary>
    internal void AppendFixed(ReadOnlySpan<byte> bytes, int length, int count)
    {
        StopDictionary();
        _codes.Reserve(ValueCount + (long)count);
        for (var i = 0; i < count; i++) _codes.Start[ValueCount + i] = Store(bytes.Slice(i * length, length));
    }

    /// <summary>Offset of the value behind the one at an offset.</summary>
    /// <exception cref="FormatException">The bytes end within the value.</exception>
    internal static int NextValue(ReadOnlySpan<byte> bytes, int at)
    {
        if (bytes.Length - at < sizeof(int)) throw new FormatException("the page ends within a value");
        var length = Unsafe.ReadUnaligned<int>(in bytes[at]);
        at += sizeof(int);
        return length >= 0 && length <= bytes.Length - at
            ? at + length : throw new FormatException($"a value declares {length} bytes, but the page has {bytes.Length - at}");
    }

    internal override void Expect(int values, long bytes)
    {
        _codes.Expect(values);
        _arena.Expect(bytes);
    }

    private protected override void MoveValues(int from, int to, int count)
    {
        if (from == to || count == 0) return;
        var codes = _codes.AsSpan(0, ValueCount);
        if (IsDictionary)
        {
            codes.Slice(from, count).CopyTo(codes.Slice(to, count));
            return;
        }

        var start = codes[from];
        var end = from + count < ValueCount ? codes[from + count] : _arenaLength;
        var target = to == 0 ? 0 : EndOf(codes[to - 1]);
        _arena.AsSpan(start, end - start).CopyTo(_arena.AsSpan(target, end - start));
        for (var i = 0; i < count; i++) codes[to + i] = codes[from + i] - (start - target);
    }

    private protected override void AfterRetain()
    {
        if (IsDictionary) RemoveUnusedEntries();
        else _arenaLength = ValueCount == 0 ? 0 : EndOf(_codes.Start[ValueCount - 1]);
    }

    /// <summary>Removes the entries of removed values: a file must not keep a value that was deleted.</summary>
    private void RemoveUnusedEntries()
    {
        var codes = _codes.AsSpan(0, ValueCount);
        var numbers = new int[_entryCount];
        foreach (var code in codes) numbers[code] = 1;
        if (!numbers.Contains(0)) return;
        var (count, length) = (0, 0);
        for (var entry = 0; entry < _entryCount; entry++)
        {
            if (numbers[entry] == 0) continue;
            var start = _entries[entry];
            var bytes = EndOf(start) - start;
            _arena.AsSpan(start, bytes).CopyTo(_arena.AsSpan(length, bytes));
            numbers[entry] = count;
            _entries[count++] = length;
            length += bytes;
        }

        for (var i = 0; i < codes.Length; i++) codes[i] = numbers[codes[i]];
        (_entryCount, _arenaLength, _lacksTable) = (count, length, true);
    }

    private void StopDictionary()
    {
        if (!IsDictionary) return;
        if (ValueCount > 0) GiveDictionaryUp(ValueCount);
        IsDictionary = false;
    }

    private int EndOf(int offset) => offset + sizeof(int) + Unsafe.ReadUnaligned<int>(_arena.Start + offset);
}
