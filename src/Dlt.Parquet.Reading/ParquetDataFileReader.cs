using System.Runtime.CompilerServices;
using Apache.Arrow;
using Dlt.Iceberg;
using ParquetSharp;
using ParquetSharp.Arrow;

namespace Dlt.Parquet.Reading;

/// <summary>Reads Iceberg's Parquet files, whoever wrote them (spec/iceberg.md 5.2).</summary>
public sealed class ParquetDataFileReader : IDataFileReader, IRowFileWriter
{
    private const int BatchRows = 8192;

    /// <inheritdoc/>
    public async IAsyncEnumerable<IReadOnlyList<object?[]>> ReadAsync(Stream file, DataFileRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var arrowProperties = ArrowReaderProperties.GetDefault();
        arrowProperties.BatchSize = BatchRows;
        arrowProperties.PreBuffer = false;
        arrowProperties.UseThreads = false;
        using var properties = ReaderProperties.GetDefaultReaderProperties();
        properties.EnablePageChecksumVerification();
        using var reader = Try(request, () => new FileReader(file, properties, arrowProperties));
        var projection = Try(request, () => new FileProjection(reader.Schema, request));
        using var batches = Try(request, () => reader.GetRecordBatchReader(null, projection.LeafColumns(reader)));
        while (true)
        {
            RecordBatch? batch;
            try
            {
                batch = await batches.ReadNextRecordBatchAsync(cancellationToken).ConfigureAwait(false);
            }
            catch (Exception error) when (error is not (OperationCanceledException or IcebergException))   // the library behind has no exception of its own
            {
                throw Damaged(request, error);
            }

            if (batch is null) yield break;
            using (batch) yield return Try(request, () => projection.Rows(batch));
        }
    }

    /// <inheritdoc/>
    IRowFile IRowFileWriter.Create(string path, Dlt.Iceberg.Schema schema) => new ArrowRowFile(path, schema);

    private static T Try<T>(DataFileRequest request, Func<T> action)
    {
        try
        {
            return action();
        }
        catch (Exception error) when (error is not (OperationCanceledException or IcebergException))
        {
            throw Damaged(request, error);
        }
    }

    private static IcebergException Damaged(DataFileRequest request, Exception error) => error as IcebergException ?? new IcebergException(
        IcebergError.Corrupt, $"{request.Location} cannot be read as Parquet: {error.Message.TrimEnd('.')}. Nothing of the table was changed. Restore the file, or read an older snapshot.", error)
    { File = request.Location };
}
