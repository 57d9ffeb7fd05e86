using System.Runtime.CompilerServices;

namespace Dlt.Iceberg;

/// <summary>
/// Reads the columns that a merge needs from data files, without deleted rows: column by column where the file and the columns allow it,
/// otherwise as rows.
/// </summary>
/// <param name="table">The table of the files.</param>
internal sealed class RowBatchReader(Table table)
{
    private readonly TaskReader _reader = new(table.Files, table.Metadata, table.Catalog?.DataFileReader);

    /// <summary>Reads some columns of a file, in the order of its rows.</summary>
    /// <param name="task">The file with its deletes.</param>
    /// <param name="fields">The columns; they may be in structs.</param>
    /// <param name="cancellationToken">Cancels the read.</param>
    /// <returns>Batches, each of which is valid until the next one is read.</returns>
    public async IAsyncEnumerable<RowBatch> ReadAsync(
        ScanTask task, IEnumerable<NestedField> fields, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var file = await OpenAsync(task, fields, cancellationToken).ConfigureAwait(false);
        for (var part = 0; part < file.Parts; part++)
            await foreach (var batch in file.ReadAsync(part, cancellationToken).ConfigureAwait(false)) yield return batch;
    }

    /// <summary>Opens a file, to read its parts in any order.</summary>
    /// <param name="task">The file with its deletes.</param>
    /// <param name="fields">The columns; they may be in structs.</param>
    /// <param name="cancellationToken">Cancels the opening.</param>
    public async Task<RowBatchFile> OpenAsync(ScanTask task, IEnumerable<NestedField> fields, CancellationToken cancellationToken)
    {
        List<NestedField> wanted = [.. fields.DistinctBy(f => f.Id)];
        if (task.Deletes.All(d => d.Content == FileContent.PositionDeletes) && wanted.All(IsTopLevel))
        {
            var request = _reader.RequestOf(task.File, new Schema([.. wanted], table.Metadata.CurrentSchema.SchemaId));
            if (await ColumnFile.TryOpenAsync(table.Files, task.File, request, cancellationToken).ConfigureAwait(false) is { } columns)
                return new ColumnBatchFile(columns, await DeletedAsync(task, cancellationToken).ConfigureAwait(false));
        }

        return new ValueBatchFile(ReadRowsAsync(task, wanted, cancellationToken));
    }

    private bool IsTopLevel(NestedField field) => table.Metadata.CurrentSchema.Fields.Contains(field);

    private async Task<RowPositions?> DeletedAsync(ScanTask task, CancellationToken cancellationToken)
    {
        if (!task.Deletes.Any()) return null;
        var deleted = new RowPositions(task.File.RecordCount);
        foreach (var position in await _reader.DeletedPositionsAsync(task, cancellationToken).ConfigureAwait(false)) deleted.Add(position);
        return deleted;
    }

    private async IAsyncEnumerable<RowBatch> ReadRowsAsync(
        ScanTask task, List<NestedField> fields, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var current = table.Metadata.CurrentSchema;
        var columns = new List<NestedField>();
        var access = new Dictionary<int, Func<object?[], object?>>();
        foreach (var field in fields)
            access[field.Id] = FieldPath.Accessor(columns, current.PathTo(field.Id)!, (_, name) => name);
        if (columns.Count == 0) columns.Add(current.Fields[0]);   // rows are counted by a column
        var schema = new Schema([.. columns], current.SchemaId);
        await foreach (var rows in _reader.ReadAsync(task, schema, Filter.True, cancellationToken).ConfigureAwait(false))
            yield return new ValueRowBatch(rows, access);
    }
}
