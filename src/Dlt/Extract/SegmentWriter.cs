using System.Buffers;
using Dlt.Hashing;
using Dlt.Packages;
using Dlt.Sources.Sql;

namespace Dlt.Extract;

/// <summary>The extracted rows of one table: a job file of one item a line, UTF-8.</summary>
internal sealed class SegmentWriter : IDisposable
{
    public const string Format = "jsonl";

    private readonly FileStream _file;
    private readonly ArrayBufferWriter<byte> _buffer = new(1 << 16);

    public SegmentWriter(LoadPackage package, string table)
    {
        var job = new JobFileName(JobTables.Component(table), DltHash.NewFileId(), 0, Format);
        Path = package.PathOf(PackageFolders.NewJobs, job.FileName);
        _file = new FileStream(Path, FileMode.CreateNew, FileAccess.Write, FileShare.Read, 1);
    }

    public string Path { get; }

    public long Rows { get; private set; }

    public void Write(object? item)
    {
        if (item is RawJson raw)
        {
            foreach (var line in ItemWriter.Split(raw)) WriteLine(line.Span);
            return;
        }

        if (item is RawLines lines)
        {
            Flush();
            _file.Write(lines.Utf8.Span);
            Rows += lines.Rows;
            return;
        }

        ItemWriter.Write(_buffer, item);
        EndLine();
    }

    public void Dispose()
    {
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
