namespace Dlt.Iceberg;

/// <summary>
/// Writes the rows of one partition as data files, one after the other: <see cref="Open"/>, rows until the file <see cref="IsFull"/> or has
/// to give way, <see cref="CloseAsync"/>, and so on. Knows nothing of other partitions, nor of what is in a row.
/// </summary>
/// <param name="partition">The partition.</param>
/// <param name="targetBytes">A file is complete when it is as large, roughly.</param>
/// <param name="store">Opens and stores files.</param>
internal sealed class RollingFileWriter(PartitionKey partition, long targetBytes, DataFileStore store) : IDisposable
{
    private OpenDataFile? _file;

    public PartitionKey Partition => partition;

    /// <summary>True while a file is open.</summary>
    public bool IsOpen => _file is not null;

    /// <summary>True when the open file is large enough.</summary>
    public bool IsFull => _file is { } file && file.Length >= targetBytes;

    /// <summary>Bytes of the rows that wait in memory, roughly.</summary>
    public long WaitingBytes => _file?.Rows.WaitingBytes ?? 0;

    /// <summary>False when no row can be written before the file is complete.</summary>
    public bool CanFlush => _file is { Rows.CanFlush: true };

    /// <summary>Number of the last row, among the rows of all partitions.</summary>
    public long LastUse { get; set; }

    /// <summary>Begins a file.</summary>
    public void Open() => _file = store.Open(partition);

    /// <summary>Adds a row to the open file. Per row; the caller closes the file when it <see cref="IsFull"/>.</summary>
    public void Add(object?[] row) => _file!.Add(row);

    /// <summary>Writes the rows that wait into the open file.</summary>
    public void Flush() => _file!.Rows.Flush();

    /// <summary>Completes and stores the open file.</summary>
    public async Task<DataFile> CloseAsync(CancellationToken cancellationToken)
    {
        var file = _file!;
        _file = null;
        return await store.StoreAsync(file, cancellationToken).ConfigureAwait(false);
    }

    public void Dispose() => _file?.Dispose();
}
