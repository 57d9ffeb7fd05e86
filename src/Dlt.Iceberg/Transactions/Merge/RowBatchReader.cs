using System.Runtime.CompilerServices;

namespace Dlt.Iceberg;

/// <summary>Reads the columns that a merge needs from data files, without deleted rows.</summary>
/// <param name="table">The table of the files.</param>
internal sealed class RowBatchReader(Table table)
{
    private readonly TaskReader _reader = new(table.Files, table.Metadata, table.Catalog?.DataFileReader);

    /// <summary>Reads some columns of a file.</summary>
    /// <param name="task">The file with its deletes.</param>
    /// <param name="fields">The columns; they may be in structs.</param>
    /// <param name="cancellationToken">Cancels the read.</param>
    public async IAsyncEnumerable<RowBatch> ReadAsync(
        ScanTask task, IEnumerable<NestedField> fields, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var current = table.Metadata.CurrentSchema;
        var columns = new List<NestedField>();
        var access = new Dictionary<int, Func<object?[], object?>>();
        foreach (var field in fields.DistinctBy(f => f.Id))
            access[field.Id] = FieldPath.Accessor(columns, current.PathTo(field.Id)!, (_, name) => name);
        if (columns.Count == 0) columns.Add(current.Fields[0]);   // rows are counted by a column
        var schema = new Schema([.. columns], current.SchemaId);
        await foreach (var rows in _reader.ReadAsync(task, schema, Filter.True, cancellationToken).ConfigureAwait(false))
            yield return new ValueRowBatch(rows, access);
    }

    /// <summary>Reads all columns of a file as rows, with their positions in the file.</summary>
    public IAsyncEnumerable<IReadOnlyList<(long Position, object?[] Row)>> ReadRowsAsync(
        ScanTask task, CancellationToken cancellationToken) =>
        _reader.ReadAsync(task, table.Metadata.CurrentSchema, Filter.True, cancellationToken);
}
