using System.Runtime.CompilerServices;
using Apache.Arrow;
using ParquetSharp;
using ParquetSharp.Arrow;
using Dlt.Batches;

namespace Dlt.Sources.Files;

/// <summary>The rows of a Parquet file as Arrow batches.</summary>
internal static class ParquetRows
{
    private const int MaxRows = 1 << 14;
    private const int MinRows = 1 << 8;
    private const int BatchValues = 1 << 17;   // some 2 MiB, as several batches wait to be written

    public static async IAsyncEnumerable<object?> ReadAsync(string path, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        CompressedFile.CheckHasBytes(path, always: true);
        CompressedFile.OpenFile(path).Dispose();
        using var properties = ArrowReaderProperties.GetDefault();
        properties.BatchSize = Math.Clamp(BatchValues / Try(path, () => CountColumns(path)), MinRows, MaxRows);
        properties.CoerceInt96TimestampUnit = Apache.Arrow.Types.TimeUnit.Microsecond;   // nanoseconds end in the years 1677 and 2262
        properties.PreBuffer = false;
        properties.UseThreads = false;
        using var reading = ReaderProperties.GetDefaultReaderProperties();
        reading.EnablePageChecksumVerification();   // where the writer left any
        using var file = Try(path, () => new FileReader(path, reading, properties));
        using var batches = Try(path, () => file.GetRecordBatchReader());
        while (true)
        {
            RecordBatch? batch;
            try
            {
                batch = await batches.ReadNextRecordBatchAsync(cancellationToken).ConfigureAwait(false);
            }
            catch (Exception error) when (error is not (OperationCanceledException or DltException))
            {
                throw Damaged(path, error);
            }

            if (batch is null) yield break;
            EqualNames.Check(batch.Schema.FieldsList, path);
            yield return new ItemBatch(batch, IsOwned: true) { Names = BatchNames.Fields };
        }
    }

    private static int CountColumns(string path)
    {
        using var file = new ParquetFileReader(path);
        return Math.Max(1, file.FileMetaData.NumColumns);
    }

    private static T Try<T>(string path, Func<T> open)
    {
        try
        {
            return open();
        }
        catch (ParquetException error)
        {
            throw Damaged(path, error);
        }
    }

    private static DltException Damaged(string path, Exception error) =>
        new($"{path} cannot be read as Parquet: {error.Message.TrimEnd('.')}. Nothing of this run was loaded, and the state is as before. Get the file again, then run again.", error);
}
