using Dlt.Parquet;

namespace Dlt.Iceberg;

/// <summary>
/// Writes row groups to files of the target size, one file at a time. A complete file is uploaded while the next one grows.
/// </summary>
/// <param name="store">Creates and uploads files.</param>
/// <param name="columns">Columns of the table.</param>
/// <param name="targetBytes">Approximate size at which a file is complete.</param>
internal sealed class RewriteOutput(DataFileStore store, IReadOnlyList<ParquetColumn> columns, long targetBytes) : IAsyncDisposable
{
    private readonly List<DataFile> _files = [];
    private OpenColumnFile? _file;
    private Task<DataFile>? _upload;

    /// <summary>Writes a row group.</summary>
    public async Task WriteAsync(EncodedUnit unit, CancellationToken cancellationToken)
    {
        if (_file is not null && !_file.Partition.Equals(unit.Partition)) await CloseAsync(cancellationToken).ConfigureAwait(false);
        _file ??= store.OpenColumns(unit.Partition);
        _file.Writer.WriteRowGroup(unit.Group);
        _file.Metrics.AddAll(unit.Metrics);
        if (_file.Writer.Length >= targetBytes) await CloseAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Completes the open file and begins its upload.</summary>
    public async Task CloseAsync(CancellationToken cancellationToken)
    {
        if (_file is not { } file) return;
        await UploadedAsync().ConfigureAwait(false);
        _file = null;
        _upload = Task.Run(() => store.StoreAsync(file, columns, cancellationToken), cancellationToken);
    }

    /// <summary>Completes and uploads all files.</summary>
    public async Task<IReadOnlyList<DataFile>> CompleteAsync(CancellationToken cancellationToken)
    {
        await CloseAsync(cancellationToken).ConfigureAwait(false);
        await UploadedAsync().ConfigureAwait(false);
        return _files;
    }

    public async ValueTask DisposeAsync()
    {
        _file?.Dispose();
        if (_upload is not null) await Task.WhenAny(_upload).ConfigureAwait(false);   // it uses the folder of the store
    }

    private async Task UploadedAsync()
    {
        if (_upload is not { } upload) return;
        _upload = null;
        _files.Add(await upload.ConfigureAwait(false));
    }
}
