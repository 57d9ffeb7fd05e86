using System.Runtime.CompilerServices;
using Apache.Arrow;
using Apache.Arrow.Ipc;
using Dlt.Iceberg;
using Dlt.Internal;
using ParquetSharp;
using ParquetSharp.Arrow;

namespace Dlt.Parquet.Reading;

/// <summary>
/// Reads Parquet files of Iceberg tables by any writer (Iceberg specification), and writes files with column types that the encoder of
/// Dlt.Iceberg does not support. Has no state: one instance can serve any number of catalogs and threads.
/// </summary>
public sealed class ParquetDataFileReader : IDataFileReader, IRowFileFactory
{
    private const int BatchRows = 8192;

    /// <inheritdoc/>
    public async IAsyncEnumerable<DataFileBatch> ReadAsync(Stream file, DataFileRequest request,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var observed = new ObservedStream(file);
        using var reader = Open(observed, request);
        var projection = Try(request, observed, () => new FileProjection(reader.Schema, request));
        var columns = Try(request, observed, () => projection.LeafColumns(reader));
        var mayMatch = request.IsFiltered ? Try(request, observed, () => MayMatch(reader, request)) : [];
        await request.ExcludeByBloomFiltersAsync(observed, mayMatch, cancellationToken).ConfigureAwait(false);
        foreach (var run in Try(request, observed, () => Runs(reader, mayMatch)))
        {
            if (!run.IsRead)
            {
                yield return new(run.Rows, []);
                continue;
            }

            using var batches = Try(request, observed, () => reader.GetRecordBatchReader(run.Groups, columns));
            while (await NextAsync(batches, request, observed, cancellationToken).ConfigureAwait(false) is { } batch)
                using (batch) yield return new(batch.Length, Try(request, observed, () => projection.Rows(batch)));
        }
    }

    /// <summary>Reads all rows of a file, column by column.</summary>
    /// <param name="stream">The file.</param>
    /// <param name="file">Entry of the file in its manifest.</param>
    /// <param name="request">Columns and filter to read.</param>
    /// <param name="schema">Columns of the request as an Arrow schema.</param>
    /// <param name="cancellationToken">Cancels the read.</param>
    internal async IAsyncEnumerable<RecordBatch> ReadBatchesAsync(
        Stream stream, DataFile file, DataFileRequest request, Apache.Arrow.Schema schema,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var observed = new ObservedStream(stream);
        using var reader = Open(observed, request);
        var projection = Try(request, observed, () => new FileProjection(reader.Schema, request));
        using var batches = Try(request, observed, () => reader.GetRecordBatchReader(null, projection.LeafColumns(reader)));
        var rows = 0L;
        while (await NextAsync(batches, request, observed, cancellationToken).ConfigureAwait(false) is { } batch)
        {
            rows += batch.Length;
            var columns = Try(request, observed, () => projection.Columns(batch).ToList());
            foreach (var unused in batch.Arrays.Except(columns)) unused.Dispose();
            yield return new RecordBatch(schema, columns, batch.Length);
        }

        if (rows != file.RecordCount)
            throw IcebergException.Corrupt(file.FilePath, $"its manifest states {file.RecordCount} rows, but it has {rows}");
    }

    private static FileReader Open(ObservedStream file, DataFileRequest request)
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
        ObservedStream file, CancellationToken cancellationToken)
    {
        try
        {
            return await batches.ReadNextRecordBatchAsync(cancellationToken).ConfigureAwait(false);
        }
        // the library has no common exception type
        catch (Exception error) when (error is not (OperationCanceledException or IcebergException))
        {
            throw Failure(request, file, error);
        }
    }

    private static bool[] MayMatch(FileReader reader, DataFileRequest request)
    {
        using var parquet = reader.ParquetReader;
        return RowGroupMetrics.MayMatch(parquet, request);
    }

    /// <summary>
    /// Returns runs of adjacent row groups that are read, or skipped because none of their rows can match. Groups are null for all row
    /// groups.
    /// </summary>
    /// <param name="reader">Reader of the file.</param>
    /// <param name="may">True for each row group whose rows may match.</param>
    private static List<(bool IsRead, int[]? Groups, long Rows)> Runs(FileReader reader, bool[] may)
    {
        if (may.All(m => m)) return [(true, null, 0)];
        using var parquet = reader.ParquetReader;
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
    public IRowFile Create(
        string path, Dlt.Iceberg.Schema schema, ParquetWriterOptions options,
        IReadOnlyList<KeyValuePair<string, string>> keyValueMetadata) => new ArrowRowFile(path, schema, options, keyValueMetadata);

    private static T Try<T>(DataFileRequest request, ObservedStream file, Func<T> action)
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

    /// <summary>Returns the error of the stream if a read failed; otherwise an error that the file is damaged.</summary>
    private static Exception Failure(DataFileRequest request, ObservedStream file, Exception error) =>
        file.Failure ?? new IcebergException(
            IcebergError.Corrupt,
            $"{request.Location} cannot be read as Parquet: {NativeError.TextOf(error)}. Nothing of the table was changed. "
            + "Restore the file, or read an older snapshot.",
            error)
        {
            File = request.Location,
        };
}
