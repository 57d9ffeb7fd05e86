using System.Runtime.CompilerServices;
using Apache.Arrow;
using Dlt.Iceberg;
using Dlt.Iceberg.Files;
using ParquetSharp;
using ParquetSharp.Arrow;

namespace Dlt.Parquet.Reading;

/// <summary>Reads Iceberg's Parquet files, whoever wrote them (spec/iceberg.md 5.2).</summary>
public sealed class ParquetDataFileReader : IDataFileReader, IRowFileWriter
{
    private const int BatchRows = 8192;

    /// <inheritdoc/>
    public async IAsyncEnumerable<DataFileBatch> ReadAsync(Stream file, DataFileRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var arrowProperties = ArrowReaderProperties.GetDefault();
        arrowProperties.BatchSize = BatchRows;
        arrowProperties.PreBuffer = false;
        arrowProperties.UseThreads = false;
        using var properties = ReaderProperties.GetDefaultReaderProperties();
        properties.EnablePageChecksumVerification();
        using var reader = Try(request, file, () => new FileReader(file, properties, arrowProperties));
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
            while (true)
            {
                RecordBatch? batch;
                try
                {
                    batch = await batches.ReadNextRecordBatchAsync(cancellationToken).ConfigureAwait(false);
                }
                catch (Exception error) when (error is not (OperationCanceledException or IcebergException))   // the library behind has no exception of its own
                {
                    throw Failure(request, file, error);
                }

                if (batch is null) break;
                using (batch) yield return new(batch.Length, Try(request, file, () => projection.Rows(batch)));
            }
        }
    }

    /// <summary>Row groups that follow each other and are read, or left out because none of their rows can match; null groups are all.</summary>
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
    IRowFile IRowFileWriter.Create(string path, Dlt.Iceberg.Schema schema, ParquetWriterOptions options) => new ArrowRowFile(path, schema, options);

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
    private static Exception Failure(DataFileRequest request, Stream file, Exception error) => (file as ObjectStream)?.Failure ?? new IcebergException(
        IcebergError.Corrupt, $"{request.Location} cannot be read as Parquet: {error.Message.TrimEnd('.')}. Nothing of the table was changed. Restore the file, or read an older snapshot.", error)
    { File = request.Location };
}
