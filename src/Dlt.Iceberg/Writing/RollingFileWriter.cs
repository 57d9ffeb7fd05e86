namespace Dlt.Iceberg;

/// <summary>
/// Writes the rows of one partition to a sequence of data files: <see cref="Open"/>, then rows until the file <see cref="IsFull"/> or must
/// be closed, then <see cref="CloseAsync"/>. It does not depend on other partitions or the content of rows.
/// </summary>
/// <param name="partition">Partition of the rows.</param>
/// <param name="targetBytes">Approximate size at which a file is complete, in bytes.</param>
/// <param name="store">Creates and uploads files.</param>
internal sealed class RollingFileWriter(PartitionKey partition, long targetBytes, DataFileStore store) : IDisposable
{
    private OpenDataFile? _file;

    public PartitionKey Partition => partition;

    /// <summary>True while a file is open.</summary>
    public bool IsOpen => _file is not null;

    /// <summary>True if the open file has reached the target size.</summary>
    public bool IsFull => _file is { } file && file.Length >= targetBytes;

    /// <summary>Approximate number of bytes of the rows in memory.</summary>
    public long WaitingBytes => _file?.Rows.WaitingBytes ?? 0;

    /// <summary>False if rows can be written only when the file is complete.</summary>
    public bool CanFlush => _file is { Rows.CanFlush: true };

    /// <summary>Number of the last added row, counted over all partitions.</summary>
    public long LastUse { get; set; }

    /// <summary>Opens a file.</summary>
    public void Open() => _file = store.Open(partition);

    /// <summary>Adds a row to the open file. Called per row. The caller closes the file when it <see cref="IsFull"/>.</summary>
    public void Add(object?[] row) => _file!.Add(row);

    /// <summary>Writes the rows in memory to the open file.</summary>
    public void Flush() => _file!.Rows.Flush();

    /// <summary>Completes and uploads the open file.</summary>
    public async Task<DataFile> CloseAsync(CancellationToken cancellationToken)
    {
        var file = _file!;
        _file = null;
        return await store.StoreAsync(file, cancellationToken).ConfigureAwait(false);
    }

    public void Dispose() => _file?.Dispose();
}
