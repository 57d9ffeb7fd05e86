using System.Buffers;

namespace Dlt.Extract;

/// <summary>The extracted rows of one table: a job file of one item a line, UTF-8.</summary>
internal sealed class SegmentWriter : IDisposable
{
    public const string Format = "jsonl";

    private readonly FileStream _file;
    private readonly ArrayBufferWriter<byte> _buffer = new(1 << 16);

    public SegmentWriter(string path) => _file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.Read, 1);

    public long Rows { get; private set; }

    public void Write(object? item)
    {
        if (item is RawJson raw)
        {
            foreach (var line in ItemWriter.Split(raw)) WriteLine(line.Span);
            return;
        }

        ItemWriter.Write(_buffer, item);
        EndLine();
    }

    public void Dispose()
    {
        if (!_file.CanWrite) return;
        Flush();
        _file.Dispose();
    }

    private void WriteLine(ReadOnlySpan<byte> line)
    {
        _buffer.Write(line);
        EndLine();
    }

    private void EndLine()
    {
        _buffer.Write("\n"u8);
        Rows++;
        if (_buffer.WrittenCount > 1 << 16) Flush();
    }

    private void Flush()
    {
        _file.Write(_buffer.WrittenSpan);
        _buffer.ResetWrittenCount();
    }
}
