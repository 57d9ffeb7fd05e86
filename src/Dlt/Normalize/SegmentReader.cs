using System.IO.Compression;
using System.Text.Unicode;
using Dlt.Json;

namespace Dlt.Normalize;

/// <summary>Reads a file of lines in chunks cut at line ends and hands every line to the normaliser where it lies; gzip is recognised by its first bytes.</summary>
internal sealed unsafe class SegmentReader(ItemNormalizer normalizer)
{
    private const int ChunkBytes = 8 << 20;
    private const int Padding = 64;   // the scanner may look this far beyond the end

    private byte[] _buffer = GC.AllocateUninitializedArray<byte>(ChunkBytes + Padding, pinned: true);

    /// <summary>Called after every chunk with its lines and bytes, while no item is half done.</summary>
    public required Action<long, long> ChunkDone { get; init; }

    /// <param name="path">The file.</param>
    /// <param name="table">Identifier of the root table.</param>
    /// <param name="linesAreLists">True for Python's <c>typed-jsonl</c>, where a line is a list of items.</param>
    /// <param name="cancellationToken">Stops between chunks.</param>
    /// <returns>Items read.</returns>
    public long Read(string path, string table, bool linesAreLists, CancellationToken cancellationToken)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1, FileOptions.SequentialScan);
        using var stream = IsGzip(file) ? new GZipStream(file, CompressionMode.Decompress) : (Stream)file;
        long items = 0, offset = 0, line = 1;
        var filled = 0;
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var read = stream.ReadAtLeast(_buffer.AsSpan(filled, _buffer.Length - Padding - filled), 1, throwOnEndOfStream: false);
            filled += read;
            if (read > 0 && filled < _buffer.Length - Padding && filled < ChunkBytes) continue;
            var isEnd = read == 0;
            var end = isEnd ? filled : _buffer.AsSpan(0, filled).LastIndexOf((byte)'\n') + 1;
            if (end == 0 && !isEnd)
            {
                Grow();   // one line is longer than the chunk
                continue;
            }

            _buffer.AsSpan(filled, Padding).Clear();
            items += Lines(end, path, table, linesAreLists, offset, ref line);
            ChunkDone(items, offset + end);
            if (isEnd) return items;
            _buffer.AsSpan(end, filled - end).CopyTo(_buffer);
            filled -= end;
            offset += end;
        }
    }

    private static bool IsGzip(FileStream file)
    {
        var isGzip = file.ReadByte() == 0x1F && file.ReadByte() == 0x8B;
        file.Position = 0;
        return isGzip;
    }

    private long Lines(int end, string path, string table, bool linesAreLists, long offset, ref long line)
    {
        long items = 0;
        var isValid = Utf8.IsValid(_buffer.AsSpan(0, end));
        fixed (byte* start = _buffer)
        {
            for (var at = 0; at < end; line++)
            {
                var length = _buffer.AsSpan(at, end - at).IndexOf((byte)'\n');
                if (length < 0) length = end - at;
                var text = _buffer.AsSpan(at, length);
                if (text.IndexOfAnyExcept((byte)' ', (byte)'\t', (byte)'\r') >= 0)
                {
                    if (linesAreLists) items += List(text, table, path, offset + at, line);
                    else if (isValid || Utf8.IsValid(text))
                    {
                        normalizer.Add(start + at, length, table, path, offset + at, line);
                        items++;
                    }
                    else
                    {
                        normalizer.Add(JsonParser.Parse(text, path, offset + at, line), table);
                        items++;
                    }
                }

                at += length + 1;
            }
        }

        return items;
    }

    private long List(ReadOnlySpan<byte> text, string table, string path, long offset, long line)
    {
        var list = JsonParser.Parse(text, path, offset, line);
        if (list.Kind != JsonKind.Array)
        {
            normalizer.Add(list, table);
            return 1;
        }

        foreach (var item in list.Items) normalizer.Add(item, table);
        return list.Items.Length;
    }

    private void Grow()
    {
        var larger = GC.AllocateUninitializedArray<byte>(checked((int)Math.Min(Array.MaxLength, (_buffer.Length - Padding) * 2L + Padding)), pinned: true);
        _buffer.CopyTo(larger, 0);
        _buffer = larger;
    }
}
