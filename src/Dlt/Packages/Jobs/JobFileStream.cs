namespace Dlt.Packages;

/// <summary>A new file of a package, written from its beginning to its end. It is closed while too many others are open.</summary>
internal sealed class JobFileStream : Stream, IPausable
{
    private const int BufferBytes = 1 << 16;

    private readonly string _path;
    private readonly OpenFiles _openFiles;
    private FileStream? _file;
    private bool _isClosed;
    private long _length;

    /// <summary>Creates the file.</summary>
    /// <param name="path">Path of the file.</param>
    /// <param name="mode">Whether the file may exist.</param>
    /// <param name="openFiles">The files of the package that are open.</param>
    /// <exception cref="IOException">The file cannot be created.</exception>
    public JobFileStream(string path, FileMode mode, OpenFiles openFiles)
    {
        _path = path;
        _openFiles = openFiles;
        openFiles.Use(this);
        _file = Open(mode);
    }

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => !_isClosed;

    public override long Length => _length;

    public override long Position
    {
        get => _length;
        set => throw new NotSupportedException();
    }

    public void Pause()
    {
        _file?.Dispose();
        _file = null;
    }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        ObjectDisposedException.ThrowIf(_isClosed, this);
        _openFiles.Use(this);
        _file ??= Open(FileMode.Append);
        _file.Write(buffer);
        _length += buffer.Length;
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Flush() => _file?.Flush();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing && !_isClosed)
        {
            _isClosed = true;
            _openFiles.Forget(this);
            Pause();
        }

        base.Dispose(disposing);
    }

    private FileStream Open(FileMode mode) => new(_path, mode, FileAccess.Write, FileShare.Read, BufferBytes);
}
