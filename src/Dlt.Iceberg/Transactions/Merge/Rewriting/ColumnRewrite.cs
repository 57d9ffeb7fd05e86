using Dlt.Parquet;

namespace Dlt.Iceberg;

/// <summary>
/// Writes rows of data files to new files, column by column and on all cores. Rows keep their order. Several row groups are encoded at a
/// time and written in order, so memory does not depend on the number of rows.
/// </summary>
internal sealed class ColumnRewrite : IAsyncDisposable
{
    private const long MostBytesAtOnce = 96L << 20;

    private readonly Table _table;
    private readonly TaskReader _reader;
    private readonly DataFileStore _store;
    private readonly RewriteOutput _output;
    private readonly RewriteUnits _units;
    private readonly UnitEncoder _encoder;
    private readonly Stack<UnitMemory> _free = [];
    private readonly Queue<(RewriteUnit Unit, Task<EncodedUnit> Encoded)> _running = [];
    private long _bytes;

    /// <param name="table">The table.</param>
    /// <param name="temporaryFolder">Folder for the files until they are uploaded; null for that of the process.</param>
    public ColumnRewrite(Table table, string? temporaryFolder = null)
    {
        var metadata = table.Metadata;
        _table = table;
        _reader = new(table.Files, metadata, table.Catalog?.DataFileReader);
        _store = new(table, metadata.DefaultSortOrder, metadata.CurrentSchema, temporaryFolder);
        var columns = metadata.CurrentSchema.Fields.Select(DataFileColumn.Of).OfType<ParquetColumn>().ToList();
        _output = new(_store, columns, metadata.TargetFileBytes());
        _units = new(_store.RowGroupBytes);
        _encoder = new(metadata.CurrentSchema, _store.NewMetrics);
    }

    private bool IsSorted => _store.SortOrderId != SortOrder.Unsorted.OrderId;

    /// <summary>Writes the rows of a file, unless the file or the change needs rows.</summary>
    /// <returns>False when nothing was written: the file must be written by <see cref="RowRewrite"/>.</returns>
    public async Task<bool> TryAddAsync(RewriteSource source, CancellationToken cancellationToken)
    {
        if (!Fits(source)) return false;
        var file = source.Task.File;
        var request = _reader.RequestOf(file, _table.Metadata.CurrentSchema);
        var columns = await ColumnFile.TryOpenAsync(_table.Files, file, request, cancellationToken).ConfigureAwait(false);
        if (columns is null) return false;
        foreach (var position in await _reader.DeletedPositionsAsync(source.Task, cancellationToken).ConfigureAwait(false))
            source.Kept.Remove(position);
        foreach (var unit in _units.Add(columns, source, new(file.SpecId, file.Partition)))
            await StartAsync(unit, cancellationToken).ConfigureAwait(false);
        if (IsSorted) await EndFileAsync(cancellationToken).ConfigureAwait(false);   // two sorted files in one are not sorted
        return true;
    }

    /// <summary>Completes the files.</summary>
    public async Task<IReadOnlyList<DataFile>> CompleteAsync(CancellationToken cancellationToken)
    {
        await EndFileAsync(cancellationToken).ConfigureAwait(false);
        return await _output.CompleteAsync(cancellationToken).ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var (_, encoded) in _running)
        {
            await Task.WhenAny(encoded).ConfigureAwait(false);
            if (encoded.Exception is null && !encoded.IsCanceled) encoded.Result.Memory.Dispose();
        }

        foreach (var memory in _free) memory.Dispose();
        await _output.DisposeAsync().ConfigureAwait(false);
        _store.Dispose();
    }

    private bool Fits(RewriteSource source)
    {
        var file = source.Task.File;
        return _store.WritesColumns && file.SpecId == _table.Metadata.DefaultSpec.SpecId
            && source.Task.Deletes.All(d => d.Content == FileContent.PositionDeletes)
            && !source.Sets(_table.Metadata.DefaultSpec.Fields.Select(f => f.SourceId))
            && (!IsSorted || (file.SortOrderId == _store.SortOrderId
                && !source.Sets(_table.Metadata.DefaultSortOrder.Fields.Select(f => f.SourceId))));
    }

    private async Task StartAsync(RewriteUnit unit, CancellationToken cancellationToken)
    {
        while (_running.Count > 0 && (_running.Count > Environment.ProcessorCount || _bytes + unit.Bytes > MostBytesAtOnce))
            await WriteNextAsync(cancellationToken).ConfigureAwait(false);
        var memory = _free.TryPop(out var free) ? free : new(_store.Options);
        _bytes += unit.Bytes;
        _running.Enqueue((unit, Task.Run(() => EncodeAsync(unit, memory, cancellationToken), CancellationToken.None)));
    }

    private async Task<EncodedUnit> EncodeAsync(RewriteUnit unit, UnitMemory memory, CancellationToken cancellationToken)
    {
        try
        {
            return await _encoder.EncodeAsync(unit, memory, cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            memory.Dispose();
            throw;
        }
    }

    private async Task WriteNextAsync(CancellationToken cancellationToken)
    {
        var (unit, task) = _running.Peek();
        var encoded = await task.ConfigureAwait(false);
        await _output.WriteAsync(encoded, cancellationToken).ConfigureAwait(false);
        _running.Dequeue();
        _bytes -= unit.Bytes;
        _free.Push(encoded.Memory);
    }

    private async Task EndFileAsync(CancellationToken cancellationToken)
    {
        foreach (var unit in _units.Flush()) await StartAsync(unit, cancellationToken).ConfigureAwait(false);
        if (_running.Count == 0) return;
        while (_running.Count > 0) await WriteNextAsync(cancellationToken).ConfigureAwait(false);
        if (IsSorted) await _output.CloseAsync(cancellationToken).ConfigureAwait(false);
    }
}
