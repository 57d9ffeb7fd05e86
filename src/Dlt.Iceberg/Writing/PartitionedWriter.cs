namespace Dlt.Iceberg;

/// <summary>
/// Distributes rows to the files of their partitions. It closes files if too many are open, and flushes or closes files if too many rows
/// are in memory. It does not depend on the file format or the content of rows.
/// </summary>
/// <param name="targetBytes">Approximate target size of a file in bytes.</param>
/// <param name="store">Creates and uploads files.</param>
internal sealed class PartitionedWriter(long targetBytes, DataFileStore store) : IDisposable
{
    private const int MaxOpenFiles = 100;
    private const long MaxWaitingBytes = 128L << 20;

    private readonly Dictionary<PartitionKey, RollingFileWriter> _writers = [];
    private readonly List<DataFile> _files = [];
    private RollingFileWriter? _last;
    private int _openFiles;
    private long _rows;
    private long _waitingBytes;

    /// <summary>True after a row or file could not be written. Rows are missing, and the writer cannot continue.</summary>
    public bool IsBroken { get; private set; }

    /// <summary>Adds a row. Called per row: the task is incomplete only when a file is closed.</summary>
    /// <param name="partition">Partition of the row; the same object for all rows of an unpartitioned table.</param>
    /// <param name="row">One value per column, in the .NET form of <see cref="PrimitiveKind"/>.</param>
    /// <param name="cancellationToken">Cancels the upload of a full file; the writer is then broken.</param>
    public Task AddAsync(PartitionKey partition, object?[] row, CancellationToken cancellationToken)
    {
        if (_last is not { } writer || !ReferenceEquals(partition, writer.Partition)) writer = _last = WriterOf(partition);
        if (!writer.IsOpen)
        {
            if (_openFiles >= MaxOpenFiles) return CloseOldestAndAddAsync(writer, row, cancellationToken);
            Open(writer);
        }

        return Add(writer, row) is { } full ? CloseAsync(full, cancellationToken) : Task.CompletedTask;
    }

    /// <summary>Closes the open files.</summary>
    /// <returns>All files of this writer.</returns>
    public async Task<IReadOnlyList<DataFile>> CompleteAsync(CancellationToken cancellationToken)
    {
        foreach (var writer in _writers.Values.Where(w => w.IsOpen)) await CloseAsync(writer, cancellationToken).ConfigureAwait(false);
        return _files;
    }

    public void Dispose()
    {
        foreach (var writer in _writers.Values) writer.Dispose();
    }

    private RollingFileWriter WriterOf(PartitionKey partition) => _writers.TryGetValue(partition, out var known)
        ? known : _writers[partition] = new(partition, targetBytes, store);

    private async Task CloseOldestAndAddAsync(RollingFileWriter writer, object?[] row, CancellationToken cancellationToken)
    {
        var oldest = _writers.Values.Where(w => w.IsOpen).MinBy(w => w.LastUse)!;
        _writers.Remove(oldest.Partition);
        await CloseAsync(oldest, cancellationToken).ConfigureAwait(false);
        Open(writer);
        if (Add(writer, row) is { } full) await CloseAsync(full, cancellationToken).ConfigureAwait(false);
    }

    private void Open(RollingFileWriter writer)
    {
        IsBroken = true;
        writer.Open();
        IsBroken = false;
        _openFiles++;
    }

    /// <returns>
    /// The writer to close: this one if its file is full, or the one with the most unsorted rows in memory; null if no file must be closed.
    /// </returns>
    private RollingFileWriter? Add(RollingFileWriter writer, object?[] row)
    {
        writer.LastUse = ++_rows;
        var before = writer.WaitingBytes;
        IsBroken = true;
        writer.Add(row);
        _waitingBytes += writer.WaitingBytes - before;
        if (_waitingBytes > MaxWaitingBytes)
        {
            var largest = _writers.Values.MaxBy(w => w.WaitingBytes)!;
            if (!largest.CanFlush)
            {
                IsBroken = false;
                return largest;   // A sorted file cannot write some of its rows early.
            }

            _waitingBytes -= largest.WaitingBytes;
            largest.Flush();
        }

        IsBroken = false;
        return writer.IsFull ? writer : null;
    }

    private async Task CloseAsync(RollingFileWriter writer, CancellationToken cancellationToken)
    {
        IsBroken = true;
        _openFiles--;
        _waitingBytes -= writer.WaitingBytes;
        _files.Add(await writer.CloseAsync(cancellationToken).ConfigureAwait(false));
        IsBroken = false;
    }
}
