namespace Dlt.Iceberg;

/// <summary>
/// Spreads rows over the files of their partitions. Closes files when too many are open, and writes or closes them when too many rows wait
/// in memory. Knows nothing of Parquet, nor of what is in a row.
/// </summary>
/// <param name="targetBytes">Size of a file, roughly.</param>
/// <param name="store">Opens and stores files.</param>
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

    /// <summary>True when a row or file could not be written: its rows are in no file, and the writer cannot go on.</summary>
    public bool IsBroken { get; private set; }

    /// <summary>Adds a row. Per row: nothing is awaited but where a file ends.</summary>
    /// <param name="partition">The partition of the row; the same object for all rows of a table without partitions.</param>
    /// <param name="row">One value per column, in the forms of <see cref="PrimitiveKind"/>.</param>
    /// <param name="cancellationToken">Stops where a file ends; the writer is then broken.</param>
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
    /// <returns>All files.</returns>
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
    /// The writer whose file is to be closed: this one when its file is large enough, or the one with the most rows that wait to be sorted;
    /// null for none.
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
                return largest;   // a part of its rows cannot be written before the others
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
