using System.Buffers;
using Dlt.Items;
using Dlt.Packages;

namespace Dlt.Extract;

/// <summary>Writes the extracted rows of one table to a job file, one JSON item per line, UTF-8.</summary>
internal sealed class SegmentWriter : IPausable, IDisposable
{
    private const int BufferBytes = 1 << 16;

    private readonly string _path;
    private readonly OpenFiles _openFiles;
    private FileStream? _file;
    private ArrayBufferWriter<byte>? _lines;
    private long _flushed;
    private bool _isClosed;

    public SegmentWriter(string path, OpenFiles openFiles)
    {
        _path = path;
        _openFiles = openFiles;
        openFiles.Use(this);
        _file = Open(FileMode.CreateNew);
    }

    /// <summary>Number of rows written so far.</summary>
    public long Rows { get; private set; }

    /// <summary>Number of bytes written so far.</summary>
    public long Bytes => _flushed + (_lines?.WrittenCount ?? 0);

    /// <summary>Writes an item that has no columns: JSON text unchanged, an object as JSON.</summary>
    public void Write(Item item)
    {
        if (item.Kind == ItemKind.RawJson)
        {
            foreach (var line in item.Lines) WriteLine(line.Span);
            return;
        }

        ItemWriter.Write(Lines(), item.Value);
        EndLine();
    }

    /// <summary>Writes a row of a system table.</summary>
    public void Write(JsonValue row)
    {
        ItemWriter.Write(Lines(), row);
        EndLine();
    }

    public void Pause()
    {
        try
        {
            Flush();
        }
        finally
        {
            _file?.Dispose();
            (_file, _lines) = (null, null);
        }
    }

    public void Dispose()
    {
        if (_isClosed) return;
        _isClosed = true;
        _openFiles.Forget(this);
        Pause();
    }

    private ArrayBufferWriter<byte> Lines()
    {
        _openFiles.Use(this);
        return _lines ??= new(BufferBytes);
    }

    private void WriteLine(ReadOnlySpan<byte> line)
    {
        Lines().Write(line);
        EndLine();
    }

    private void EndLine()
    {
        var lines = _lines!;
        lines.Write("\n"u8);
        Rows++;
        if (lines.WrittenCount > BufferBytes) Flush();
    }

    private void Flush()
    {
        if (_lines is not { WrittenCount: > 0 }) return;
        _file ??= Open(FileMode.Append);
        _file.Write(_lines.WrittenSpan);
        _flushed += _lines.WrittenCount;
        _lines.ResetWrittenCount();
    }

    private FileStream Open(FileMode mode) => new(_path, mode, FileAccess.Write, FileShare.Read, 1);
}
