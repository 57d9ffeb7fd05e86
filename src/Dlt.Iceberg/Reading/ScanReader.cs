using System.Runtime.CompilerServices;

namespace Dlt.Iceberg;

/// <summary>Reads the rows that a scan names: without deleted ones, those that match its filter, columns found by field id.</summary>
/// <param name="scan">Which rows and columns.</param>
/// <param name="parquet">Reads Parquet files; null when there is none, for tables whose files are Avro.</param>
public sealed class ScanReader(TableScan scan, IDataFileReader? parquet)
{
    private readonly TaskReader _tasks = new(scan.Files, scan.Metadata, parquet);

    /// <summary>The rows of the scan, file by file.</summary>
    /// <returns>
    /// Batches of rows, none of them empty: one value per column of the scan's schema in the forms of <see cref="PrimitiveKind"/>; structs
    /// are object[], lists List, maps lists of pairs.
    /// </returns>
    /// <exception cref="IcebergException">A file is damaged, missing, or of a format that is not read.</exception>
    /// <exception cref="ArgumentException">The filter names a column that is not there.</exception>
    public async IAsyncEnumerable<IReadOnlyList<object?[]>> ReadAsync(
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await foreach (var task in scan.PlanFilesAsync(cancellationToken).ConfigureAwait(false))
            await foreach (var rows in ReadAsync(task, cancellationToken).ConfigureAwait(false)) yield return rows;
    }

    /// <summary>The rows of one file of the scan.</summary>
    /// <param name="task">A task of <see cref="TableScan.PlanFilesAsync"/> of this scan.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    /// <exception cref="IcebergException">A file is damaged, missing, or of a format that is not read.</exception>
    public async IAsyncEnumerable<IReadOnlyList<object?[]>> ReadAsync(
        ScanTask task, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await foreach (var batch in _tasks.ReadAsync(task, scan.Schema, scan.BoundFilter, cancellationToken).ConfigureAwait(false))
            yield return [.. batch.Select(r => r.Row)];
    }

    /// <summary>
    /// How the columns are found in a Parquet file all of whose rows are rows of the scan, so that its columns can be handed on as they
    /// are read.
    /// </summary>
    /// <param name="task">A task of this scan.</param>
    /// <returns>Null where rows are deleted or filtered, or the file is not Parquet: <see cref="ReadAsync(ScanTask, CancellationToken)"/>
    /// reads it.</returns>
    public DataFileRequest? WholeFile(ScanTask task) =>
        scan.Filter == Filter.True && task.File.FileFormat == "PARQUET" && task.DeleteEntries.IsEmpty
            ? _tasks.RequestOf(task.File, scan.Schema) : null;

    /// <summary>Opens the file of a task to be read at random; the caller disposes it.</summary>
    /// <exception cref="IcebergException">There is no such file.</exception>
    public Task<Stream> OpenAsync(ScanTask task, CancellationToken cancellationToken = default) =>
        scan.Files.OpenAsync(task.File.FilePath, task.File.FileSizeInBytes, cancellationToken);
}
