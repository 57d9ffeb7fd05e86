using System.Runtime.CompilerServices;

namespace Dlt.Iceberg;

/// <summary>Reads the rows of a scan: without deleted rows, filtered, with columns found by field id.</summary>
/// <param name="scan">Scan with the rows and columns to read.</param>
/// <param name="parquet">Reader of Parquet files; null for tables with Avro files only.</param>
public sealed class ScanReader(TableScan scan, IDataFileReader? parquet)
{
    private readonly TaskReader _tasks = new(scan.Files, scan.Metadata, parquet);

    /// <summary>Reads all rows of the scan, file by file.</summary>
    /// <returns>
    /// Non-empty batches of rows. A row has one value per column of the scan's schema, in the .NET form of <see cref="PrimitiveKind"/>;
    /// structs are object[], lists List, maps lists of pairs.
    /// </returns>
    /// <exception cref="IcebergException">A file is damaged, is missing, or has an unsupported format.</exception>
    /// <exception cref="ArgumentException">The filter names a column that does not exist.</exception>
    public async IAsyncEnumerable<IReadOnlyList<object?[]>> ReadAsync(
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await foreach (var task in scan.PlanFilesAsync(cancellationToken).ConfigureAwait(false))
            await foreach (var rows in ReadAsync(task, cancellationToken).ConfigureAwait(false)) yield return rows;
    }

    /// <summary>Reads the rows of one file of the scan.</summary>
    /// <param name="task">A task from <see cref="TableScan.PlanFilesAsync"/> of this scan.</param>
    /// <param name="cancellationToken">Cancels the read.</param>
    /// <exception cref="IcebergException">A file is damaged, is missing, or has an unsupported format.</exception>
    public async IAsyncEnumerable<IReadOnlyList<object?[]>> ReadAsync(
        ScanTask task, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await foreach (var batch in _tasks.ReadAsync(task, scan.Schema, scan.BoundFilter, cancellationToken).ConfigureAwait(false))
            yield return [.. batch.Select(r => r.Row)];
    }

    /// <summary>Describes how to read a Parquet file directly, column by column, if all of its rows are rows of the scan.</summary>
    /// <param name="task">A task of this scan.</param>
    /// <returns>
    /// Null if rows are deleted or filtered, or the file is not Parquet. Then use <see cref="ReadAsync(ScanTask, CancellationToken)"/>.
    /// </returns>
    public DataFileRequest? WholeFile(ScanTask task) =>
        scan.Filter == Filter.True && task.File.FileFormat == "PARQUET" && task.DeleteEntries.IsEmpty
            ? _tasks.RequestOf(task.File, scan.Schema) : null;

    /// <summary>Opens the file of a task for random access. The caller disposes the stream.</summary>
    /// <exception cref="IcebergException">The file does not exist.</exception>
    public Task<Stream> OpenAsync(ScanTask task, CancellationToken cancellationToken = default) =>
        scan.Files.OpenAsync(task.File.FilePath, task.File.FileSizeInBytes, cancellationToken);
}
