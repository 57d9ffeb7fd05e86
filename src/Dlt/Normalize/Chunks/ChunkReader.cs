using System.Globalization;
using Dlt.Files;
using Dlt.Schemas;

namespace Dlt.Normalize.Chunks;

/// <summary>
/// Cuts the jobs of a package into chunks, in order, for any number of workers. Gzip and zstd are recognised by their first bytes.
/// </summary>
/// <param name="jobFiles">Files of the package, in order.</param>
/// <param name="schema">Schema with the tables of the files.</param>
/// <param name="chunkBytes">Size of a chunk in bytes; a longer line makes a larger chunk.</param>
internal sealed class ChunkReader(IReadOnlyList<string> jobFiles, Schema schema, int chunkBytes = 2 << 20) : IDisposable
{
    private static readonly byte[] ByteOrderMark = [0xEF, 0xBB, 0xBF];

    /// <summary>Target memory of the rows of a chunk: rows of lists of small values can be many times larger than their text.</summary>
    private const long MaxRowBytes = 2 << 20;

    private const int MinGrowthBytes = 2 << 20;

    private const int MaxItemBytes = 2_000_000_000;

    private const int FirstChunkBytes = 256 << 10;   // small, since the other workers wait for the schema of the first chunk

    /// <summary>Size of a chunk when only some of a file's are read.</summary>
    public const int PageBytes = 256 << 10;

    /// <summary>Largest number of chunks of each file that is read in place; null for all.</summary>
    public int? MaxChunksOfFile { get; init; }

    private readonly Lock _lock = new();
    private readonly int _maxBytes = chunkBytes;
    private int _wantedBytes = chunkBytes;
    private int _nextJob;
    private long _nextNumber;
    private ExtractedJob? _job;
    private Stream? _lines;
    private BatchReader? _batches;
    private bool _isGzip;
    private DocumentSplitter? _splitter;
    private byte[] _rest = [];
    private int _restLength;
    private long _offset;    // without the byte order mark
    private int _skipped;
    private long _line;
    private int _chunks;   // of the job

    /// <summary>Fills the next chunk.</summary>
    /// <returns>False when no chunk is left.</returns>
    /// <exception cref="Exception">
    /// Reading failed. <see cref="Chunk.Number"/> is the position of the error in the order of the data. There are no chunks after it.
    /// </exception>
    public bool TryRead(Chunk chunk)
    {
        lock (_lock)
        {
            if (_lines is null && _batches is null && _nextJob == jobFiles.Count) return false;
            chunk.Number = _nextNumber++;
            try
            {
                if (_lines is null && _batches is null) Open(jobFiles[_nextJob++], chunk);
                if (_batches is null) Fill(chunk);
                else FillBatch(chunk, _batches);
                return true;
            }
            catch
            {
                Close();
                _nextJob = jobFiles.Count;
                throw;
            }
        }
    }

    /// <summary>Adapts the size of the next chunks to the memory that the rows of one needed.</summary>
    /// <param name="chunk">The chunk.</param>
    /// <param name="rowBytes">Bytes of the chunk's rows in memory.</param>
    public void Adapt(Chunk chunk, long rowBytes)
    {
        if (chunk.Batch is not null || chunk.Length == 0 || rowBytes == 0) return;
        var wanted = (int)Math.Clamp(chunk.Length * (double)MaxRowBytes / rowBytes, Math.Min(FirstChunkBytes, _maxBytes), _maxBytes);
        lock (_lock) _wantedBytes = wanted;
    }

    public void Dispose() => Close();

    private void Open(string jobFile, Chunk chunk)
    {
        _job = chunk.Job = ExtractedJob.Open(jobFile, schema);
        var file = CompressedFile.OpenFile(new InputFile(_job.Path) { Name = _job.Name });
        if (_job.Batches is not null)
        {
            _batches = new BatchReader(file);
            return;
        }

        _lines = CompressedFile.Open(file, out _isGzip);
        _offset = 0;
        _skipped = 0;
        _line = 1;
        _restLength = 0;
        _splitter = null;
        _chunks = 0;
    }

    private void Close()
    {
        _lines?.Dispose();
        _lines = null;
        _batches?.Dispose();
        _batches = null;
    }

    /// <summary>Fills a chunk with the next batch. The last chunk of a job of batches is empty.</summary>
    private void FillBatch(Chunk chunk, BatchReader batches)
    {
        chunk.Job = _job!;
        chunk.Length = 0;
        chunk.Items.Clear();
        chunk.Batch = batches.Read();
        chunk.IsLast = chunk.Batch is null;
        if (chunk.IsLast) Close();
    }

    private void Fill(Chunk chunk)
    {
        var wanted = chunk.Number == 0 ? Math.Min(FirstChunkBytes, _maxBytes) : _wantedBytes;
        chunk.Job = _job!;
        chunk.Batch = null;
        chunk.Reserve(Math.Max(wanted, _restLength + 1L));
        _rest.AsSpan(0, _restLength).CopyTo(chunk.Memory);
        var filled = _restLength;
        while (true)
        {
            var read = Read(chunk.Memory[filled..Math.Max(wanted, filled + 1)]);
            filled += read;
            if (read > 0 && filled < wanted) continue;
            var isEnd = read == 0;
            if (_offset == 0 && _job!.Reference is not null) filled = Begin(chunk, filled);
            var line = _line;
            var isUndecided = _offset == 0 && chunk.Memory[..filled].IndexOfAnyExcept(" \t\r\n"u8) < 0;
            var end = isUndecided && !isEnd ? 0 : End(chunk, filled, isEnd, ref line);
            if (end == 0 && !isEnd)
            {
                if (filled >= MaxItemBytes) throw new UnreadableFileException(_job!.Path, TooLong(), "Split the item");
                // One item, or a run of blanks, is longer than the chunk.
                wanted = (int)Math.Min(MaxItemBytes, filled + Math.Max(MinGrowthBytes, filled / 4L));
                chunk.Reserve(wanted);
                continue;
            }

            Cut(chunk, end, filled, line, isEnd);
            return;
        }
    }

    private string TooLong() => string.Create(
        CultureInfo.InvariantCulture, $"the item at line {_line}, byte {_offset + _skipped}, is longer than 2 GB; no item may be.");

    /// <summary>Drops a byte order mark, and detects whether every line is an item.</summary>
    private int Begin(Chunk chunk, int filled)
    {
        if (chunk.Memory[..filled].StartsWith(ByteOrderMark))
        {
            filled -= ByteOrderMark.Length;
            _skipped = ByteOrderMark.Length;
            chunk.Memory.Slice(ByteOrderMark.Length, filled).CopyTo(chunk.Memory);
        }

        _splitter = DocumentSplitter.Suits(chunk.Memory[..filled]) ? new DocumentSplitter(_job!.Name) : null;
        return filled;
    }

    /// <summary>Returns the end of the last whole item.</summary>
    private int End(Chunk chunk, int filled, bool isEnd, ref long line)
    {
        chunk.Items.Clear();
        chunk.HasPlaces = _splitter is not null;
        if (_splitter is not null) return _splitter.Split(chunk.Memory[..filled], isEnd, _offset + _skipped, ref line, chunk.Items);
        var end = isEnd ? filled : chunk.Memory[..filled].LastIndexOf((byte)'\n') + 1;
        line += chunk.Memory[..end].Count((byte)'\n');
        return end;
    }

    private int Read(Span<byte> target)
    {
        try
        {
            return _lines!.Read(target);
        }
        catch (Exception error) when (CompressedFile.DamageOf(_job!.Name, error) is { } damage)
        {
            throw damage;
        }
    }

    private void Cut(Chunk chunk, int end, int filled, long nextLine, bool isLast)
    {
        _restLength = filled - end;
        if (_rest.Length < _restLength) _rest = new byte[_restLength];
        chunk.Memory[end..filled].CopyTo(_rest);
        chunk.Length = end;
        chunk.Offset = _offset + _skipped;
        chunk.Line = _line;
        chunk.IsLast = isLast;
        chunk.Pad();
        _offset += end;
        _line = nextLine;
        _chunks++;
        if (!isLast && _job!.Reference is not null && _chunks >= MaxChunksOfFile)
        {
            chunk.IsLast = true;
            Close();
            return;
        }

        if (!isLast) return;
        Close();
        _job!.Reference?.CheckUnchanged();
        if (_isGzip && !GzipFile.IsComplete(_job.Path, _offset + _skipped))
            throw new UnreadableFileException(_job.Name, "its compressed data ends too early: the file was cut off.");
    }
}
