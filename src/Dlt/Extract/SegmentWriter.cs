using System.Buffers;
using Dlt.Items;

namespace Dlt.Extract;

/// <summary>Writes the extracted rows of one table to a job file, one JSON item per line, UTF-8.</summary>
internal sealed class SegmentWriter : IDisposable
{
    private readonly FileStream _file;
    private readonly ArrayBufferWriter<byte> _buffer = new(1 << 16);

    public SegmentWriter(string path) => _file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.Read, 1);

    /// <summary>Number of rows written so far.</summary>
    public long Rows { get; private set; }

    /// <summary>Writes an item that has no columns: JSON text unchanged, an object as JSON.</summary>
    public void Write(Item item)
    {
        if (item.Kind == ItemKind.RawJson)
        {
            foreach (var line in item.Lines) WriteLine(line.Span);
            return;
        }

        ItemWriter.Write(_buffer, item.Value);
        EndLine();
    }

    /// <summary>Writes a row of a system table.</summary>
    public void Write(JsonValue row)
    {
        ItemWriter.Write(_buffer, row);
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
