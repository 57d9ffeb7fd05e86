using System.Runtime.InteropServices;

namespace Dlt.Iceberg;

/// <summary>
/// A number for each key by the index of the key, 0 unless it was set. Numbers that are all 0 take no memory. Setting is not safe for
/// concurrent use; reading is.
/// </summary>
internal sealed class KeyNumbers : IDisposable
{
    private const int SegmentBits = 14;
    private const int SegmentSize = 1 << SegmentBits;

    private int[]?[] _segments = [];
    private SpillFile? _file;
    private int _inMemory;
    private int _spilled;

    /// <summary>Bytes of memory.</summary>
    public long Bytes => _inMemory * (long)SegmentSize * sizeof(int);

    /// <summary>The number of a key.</summary>
    public int this[int index]
    {
        get
        {
            var segment = index >> SegmentBits;
            if (segment < _segments.Length && _segments[segment] is { } numbers) return numbers[index & (SegmentSize - 1)];
            if (_file is null || segment >= _spilled) return 0;
            var number = 0;
            _file.Read(index * (long)sizeof(int), MemoryMarshal.AsBytes(new Span<int>(ref number)));
            return number;
        }
        set
        {
            var segment = index >> SegmentBits;
            if (segment < _segments.Length && _segments[segment] is { } numbers) numbers[index & (SegmentSize - 1)] = value;
            else if (_file is not null && segment < _spilled) Write(index, [value]);
            else if (value != 0) NewSegment(segment)[index & (SegmentSize - 1)] = value;
        }
    }

    /// <summary>Moves the numbers to a temporary file. Numbers of later keys stay in memory until the next call.</summary>
    /// <param name="folder">Folder of the file.</param>
    public void Spill(string folder)
    {
        if (_inMemory == 0) return;
        _file ??= new(folder);
        for (var i = 0; i < _segments.Length; i++)
        {
            if (_segments[i] is not { } numbers) continue;
            Write(i << SegmentBits, numbers);
            _segments[i] = null;
        }

        _inMemory = 0;
        _spilled = _segments.Length;
    }

    public void Dispose() => _file?.Dispose();

    private void Write(int index, ReadOnlySpan<int> numbers) =>
        _file!.Write(index * (long)sizeof(int), MemoryMarshal.AsBytes(numbers));

    private int[] NewSegment(int segment)
    {
        if (segment >= _segments.Length) Array.Resize(ref _segments, segment + 1);
        _inMemory++;
        return _segments[segment] = new int[SegmentSize];
    }
}
