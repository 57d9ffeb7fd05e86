namespace Dlt.Iceberg;

/// <summary>Writes rows of data files to new files of the table: column by column where it is possible, otherwise row by row.</summary>
/// <param name="table">The table.</param>
/// <param name="temporaryFolder">Folder for the files until they are uploaded; null for that of the process.</param>
internal sealed class FileRewrite(Table table, string? temporaryFolder = null)
{
    /// <summary>Writes the rows of files.</summary>
    /// <param name="sources">The files.</param>
    /// <param name="cancellationToken">Cancels the rewrite. Orphan removal deletes the files that were written.</param>
    /// <returns>The new files, which are not part of the table yet.</returns>
    /// <exception cref="IcebergException">A file is damaged or is missing.</exception>
    public async Task<IReadOnlyList<DataFile>> RunAsync(IEnumerable<RewriteSource> sources, CancellationToken cancellationToken)
    {
        List<RewriteSource> byPartition = [.. sources.GroupBy(s => PartitionOf(s.Task.File)).SelectMany(g => g)];
        if (byPartition.Count == 0) return [];
        var asRows = new List<RewriteSource>();
        var files = new List<DataFile>();
        var columns = new ColumnRewrite(table, temporaryFolder);
        await using (columns.ConfigureAwait(false))
        {
            foreach (var source in byPartition)
                if (!await columns.TryAddAsync(source, cancellationToken).ConfigureAwait(false)) asRows.Add(source);
            files.AddRange(await columns.CompleteAsync(cancellationToken).ConfigureAwait(false));
        }

        if (asRows.Count == 0) return files;
        var rows = new RowRewrite(table, temporaryFolder);
        await using (rows.ConfigureAwait(false))
        {
            foreach (var source in asRows) await rows.AddAsync(source, cancellationToken).ConfigureAwait(false);
            files.AddRange(await rows.CompleteAsync(cancellationToken).ConfigureAwait(false));
        }

        return files;
    }

    private static PartitionKey PartitionOf(DataFile file) => new(file.SpecId, file.Partition);
}
