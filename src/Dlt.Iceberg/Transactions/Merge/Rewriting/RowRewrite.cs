namespace Dlt.Iceberg;

/// <summary>
/// Writes rows of data files to new files, row by row. It reads and writes every file and column that the table can have.
/// </summary>
/// <param name="table">The table.</param>
/// <param name="temporaryFolder">Folder for the files until they are uploaded; null for that of the process.</param>
internal sealed class RowRewrite(Table table, string? temporaryFolder = null) : IAsyncDisposable
{
    private readonly TaskReader _reader = new(table.Files, table.Metadata, table.Catalog?.DataFileReader);
    private readonly DataFileWriter _writer = new(table, temporaryFolder);

    /// <summary>Writes the rows of a file.</summary>
    public async Task AddAsync(RewriteSource source, CancellationToken cancellationToken)
    {
        var schema = table.Metadata.CurrentSchema;
        await foreach (var batch in _reader.ReadAsync(source.Task, schema, Filter.True, cancellationToken).ConfigureAwait(false))
        {
            foreach (var (position, row) in batch)
            {
                if (!source.Kept.Contains(position)) continue;
                if (source.Changed?.Contains(position) == true) Change(row, schema, source.Values);
                await _writer.AddStoredAsync(row, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Completes the files.</summary>
    public Task<IReadOnlyList<DataFile>> CompleteAsync(CancellationToken cancellationToken) => _writer.CompleteAsync(cancellationToken);

    public ValueTask DisposeAsync() => _writer.DisposeAsync();

    private static void Change(object?[] row, Schema schema, IReadOnlyDictionary<int, object?> values)
    {
        for (var i = 0; i < row.Length; i++)
            if (values.TryGetValue(schema.Fields[i].Id, out var value)) row[i] = value;
    }
}
