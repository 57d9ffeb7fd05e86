using System.Runtime.CompilerServices;
using Apache.Arrow;
using Apache.Arrow.Ipc;
using Dlt.Iceberg;
using Dlt.Iceberg.Files;
using ParquetSharp;
using ParquetSharp.Arrow;

namespace Dlt.Parquet.Reading;

/// <summary>Reads Iceberg's Parquet files, whoever wrote them (Iceberg table specification).</summary>
public sealed class ParquetDataFileReader : IDataFileReader, IRowFileWriter
{
    private const int BatchRows = 8192;

    /// <inheritdoc/>
    public async IAsyncEnumerable<DataFileBatch> ReadAsync(Stream file, DataFileRequest request,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var reader = Open(file, request);
        var projection = Try(request, file, () => new FileProjection(reader.Schema, request));
        var columns = Try(request, file, () => projection.LeafColumns(reader));
        foreach (var run in Try(request, file, () => Runs(reader, request)))
        {
            if (!run.IsRead)
            {
                yield return new(run.Rows, []);
                continue;
            }

            using var batches = Try(request, file, () => reader.GetRecordBatchReader(run.Groups, columns));
            while (await NextAsync(batches, request, file, cancellationToken).ConfigureAwait(false) is { } batch)
                using (batch) yield return new(batch.Length, Try(request, file, () => projection.Rows(batch)));
        }
    }

    /// <summary>All rows of a file, column by column.</summary>
    internal async IAsyncEnumerable<RecordBatch> ReadBatchesAsync(IFileIO files, DataFile file,
        DataFileRequest request, Apache.Arrow.Schema schema, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var stream = await files.OpenAsync(file.FilePath, file.FileSizeInBytes, cancellationToken).ConfigureAwait(false);
        await using (stream.ConfigureAwait(false))
        {
            using var reader = Open(stream, request);
            var projection = Try(request, stream, () => new FileProjection(reader.Schema, request));
            using var batches = Try(request, stream, () => reader.GetRecordBatchReader(null, projection.LeafColumns(reader)));
            var rows = 0L;
            while (await NextAsync(batches, request, stream, cancellationToken).ConfigureAwait(false) is { } batch)
            {
                rows += batch.Length;
                var columns = Try(request, stream, () => projection.Columns(batch).ToList());
                foreach (var unused in batch.Arrays.Except(columns)) unused.Dispose();
                yield return new RecordBatch(schema, columns, batch.Length);
            }

            if (rows != file.RecordCount)
                throw IcebergException.Corrupt(file.FilePath, $"its manifest says {file.RecordCount} rows, and there are {rows}");
        }
    }

    private static FileReader Open(Stream file, DataFileRequest request)
    {
        using var arrowProperties = ArrowReaderProperties.GetDefault();
        arrowProperties.BatchSize = BatchRows;
        arrowProperties.CoerceInt96TimestampUnit = Apache.Arrow.Types.TimeUnit.Microsecond;   // nanoseconds end in the years 1677 and 2262
        arrowProperties.PreBuffer = false;
        arrowProperties.UseThreads = false;
        using var properties = ReaderProperties.GetDefaultReaderProperties();
        properties.EnablePageChecksumVerification();
        return Try(request, file, () => new FileReader(file, properties, arrowProperties));
    }

    private static async Task<RecordBatch?> NextAsync(IArrowArrayStream batches, DataFileRequest request,
        Stream file, CancellationToken cancellationToken)
    {
        try
        {
            return await batches.ReadNextRecordBatchAsync(cancellationToken).ConfigureAwait(false);
        }
        // the library behind has no exception of its own
        catch (Exception error) when (error is not (OperationCanceledException or IcebergException))
        {
            throw Failure(request, file, error);
        }
    }

    /// <summary>
    /// Row groups that follow each other and are read, or left out because none of their rows can match; null groups are all.
    /// </summary>
    private static List<(bool IsRead, int[]? Groups, long Rows)> Runs(FileReader reader, DataFileRequest request)
    {
        if (request.Filter is ConstantFilter) return [(true, null, 0)];
        using var parquet = reader.ParquetReader;
        var may = RowGroupMetrics.MayMatch(parquet, request.Schema, request.Filter);
        if (may.All(m => m)) return [(true, null, 0)];
        var runs = new List<(bool IsRead, int[]? Groups, long Rows)>();
        for (int start = 0, end; start < may.Length; start = end)
        {
            var rows = 0L;
            for (end = start; end < may.Length && may[end] == may[start]; end++)
            {
                using var group = parquet.RowGroup(end);
                rows += group.MetaData.NumRows;
            }

            runs.Add((may[start], [.. Enumerable.Range(start, end - start)], rows));
        }

        return runs;
    }

    /// <inheritdoc/>
    IRowFile IRowFileWriter.Create(string path, Dlt.Iceberg.Schema schema, ParquetWriterOptions options) =>
        new ArrowRowFile(path, schema, options);

    private static T Try<T>(DataFileRequest request, Stream file, Func<T> action)
    {
        try
        {
            return action();
        }
        catch (Exception error) when (error is not (OperationCanceledException or IcebergException))
        {
            throw Failure(request, file, error);
        }
    }

    /// <summary>Where the bytes could not be had, it is not the file that is damaged.</summary>
    private static Exception Failure(DataFileRequest request, Stream file, Exception error) =>
        (file as ObjectStream)?.Failure ?? new IcebergException(
        IcebergError.Corrupt,
        $"{request.Location} cannot be read as Parquet: {error.Message.TrimEnd('.')}. Nothing of the table was changed. Restore the file, "
            + "or read an older snapshot.", error)
    { File = request.Location };
}
