using System.IO.Compression;
using Dlt.Schemas;

namespace Dlt.Normalize.Chunks;

/// <summary>Cuts the jobs of a package into chunks, in order, for any number of workers; gzip is recognised by its first bytes.</summary>
/// <param name="jobFiles">Files of the package, in order.</param>
/// <param name="schema">Names the tables of the files.</param>
/// <param name="chunkBytes">Bytes of a chunk; a longer line makes a longer chunk.</param>
internal sealed class ChunkReader(IReadOnlyList<string> jobFiles, Schema schema, int chunkBytes = 2 << 20) : IDisposable
{
    private const int FirstChunkBytes = 256 << 10;   // the other workers wait for the schema that the first one finds

    private readonly Lock _lock = new();
    private int _nextJob;
    private long _nextNumber;
    private ExtractedJob? _job;
    private Stream? _lines;
    private bool _isGzip;
    private byte[] _rest = [];
    private int _restLength;
    private long _offset;
    private long _line;

    /// <summary>Fills the next chunk.</summary>
    /// <returns>False when there is none left.</returns>
    /// <exception cref="Exception">Reading failed; <see cref="Chunk.Number"/> says when it is that error's turn. There are no chunks after it.</exception>
    public bool TryRead(Chunk chunk)
    {
        lock (_lock)
        {
            if (_lines is null && _nextJob == jobFiles.Count) return false;
            chunk.Number = _nextNumber++;
            try
            {
                if (_lines is null) Open(jobFiles[_nextJob++]);
                Fill(chunk);
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

    public void Dispose() => Close();

    private void Open(string jobFile)
    {
        _job = ExtractedJob.Open(jobFile, schema);
        var file = new FileStream(_job.Path, FileMode.Open, FileAccess.Read, FileShare.Read, 1, FileOptions.SequentialScan);
        _isGzip = GzipFile.Begins(file);
        _lines = _isGzip ? new GZipStream(file, CompressionMode.Decompress) : file;
        _offset = 0;
        _line = 1;
        _restLength = 0;
    }

    private void Close()
    {
        _lines?.Dispose();
        _lines = null;
    }

    private void Fill(Chunk chunk)
    {
        var wanted = chunk.Number == 0 ? Math.Min(FirstChunkBytes, chunkBytes) : chunkBytes;
        chunk.Job = _job!;
        chunk.Reserve(Math.Max(wanted, _restLength + 1L), 0);
        _rest.AsSpan(0, _restLength).CopyTo(chunk.Memory);
        var filled = _restLength;
        while (true)
        {
            var read = Read(chunk.Memory[filled..Math.Max(wanted, filled + 1)]);
            filled += read;
            if (read > 0 && filled < wanted) continue;
            var end = read == 0 ? filled : chunk.Memory[..filled].LastIndexOf((byte)'\n') + 1;
            if (end == 0 && read > 0)
            {
                wanted = checked(filled * 2);   // one line is longer than the chunk
                chunk.Reserve(wanted, filled);
                continue;
            }

            Cut(chunk, end, filled, isLast: read == 0);
            return;
        }
    }

    private int Read(Span<byte> target)
    {
        try
        {
            return _lines!.Read(target);
        }
        catch (InvalidDataException error)
        {
            throw new UnreadableFileException(_job!.Path, $"its gzip data is damaged ({error.Message.TrimEnd('.')}).", error);
        }
    }

    private void Cut(Chunk chunk, int end, int filled, bool isLast)
    {
        _restLength = filled - end;
        if (_rest.Length < _restLength) _rest = new byte[_restLength];
        chunk.Memory[end..filled].CopyTo(_rest);
        chunk.Length = end;
        chunk.Offset = _offset;
        chunk.Line = _line;
        chunk.IsLast = isLast;
        chunk.Pad();
        _offset += end;
        _line += chunk.Bytes.Count((byte)'\n');
        if (!isLast) return;
        Close();
        _job!.Reference?.CheckUnchanged();
        if (_isGzip && !GzipFile.IsComplete(_job.Path, _offset)) throw new UnreadableFileException(_job.Path, "its gzip data ends too early: the file was cut off.");
    }
}
