using System.Runtime.CompilerServices;
using Apache.Arrow;
using Dlt.Batches;
using Dlt.Files;
using Dlt.Internal;
using Dlt.Items;
using ParquetSharp.Arrow;
using ParquetSharp;

namespace Dlt.Sources.Files;

/// <summary>Reads the rows of a Parquet file as Arrow batches.</summary>
internal static class ParquetRows
{
    private const int MaxRows = 1 << 14;
    private const int MinRows = 1 << 8;
    private const int BatchValues = 1 << 17;   // about 2 MiB, because several batches wait to be written

    public static async IAsyncEnumerable<object?> ReadAsync(InputFile file, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        CompressedFile.CheckHasBytes(file, hasHeader: true);
        CompressedFile.OpenFile(file).Dispose();
        using var properties = ArrowReaderProperties.GetDefault();
        properties.BatchSize = Math.Clamp(BatchValues / Try(file, () => CountColumns(file.Path)), MinRows, MaxRows);
        properties.CoerceInt96TimestampUnit = Apache.Arrow.Types.TimeUnit.Microsecond;   // nanoseconds cover only the years 1677 to 2262
        properties.PreBuffer = false;
        properties.UseThreads = false;
        using var reading = ReaderProperties.GetDefaultReaderProperties();
        reading.EnablePageChecksumVerification();   // if the writer stored checksums
        using var rows = Try(file, () => new FileReader(file.Path, reading, properties));
        using var batches = Try(file, () => rows.GetRecordBatchReader());
        while (true)
        {
            RecordBatch? batch;
            try
            {
                batch = await batches.ReadNextRecordBatchAsync(cancellationToken).ConfigureAwait(false);
            }
            catch (Exception error) when (error is not (OperationCanceledException or DltException))
            {
                throw Damaged(file, error);
            }

            if (batch is null) yield break;
            EqualNames.Check(batch.Schema.FieldsList, file.Name);
            yield return new ItemBatch(batch, IsOwned: true) { Names = BatchNames.Fields, File = file.Name };
        }
    }

    private static int CountColumns(string path)
    {
        using var file = new ParquetFileReader(path);
        return Math.Max(1, file.FileMetaData.NumColumns);
    }

    private static T Try<T>(InputFile file, Func<T> open)
    {
        try
        {
            return open();
        }
        catch (ParquetException error)
        {
            throw Damaged(file, error);
        }
    }

    private static DltException Damaged(InputFile file, Exception error) =>
        new($"{file.Name} cannot be read as Parquet: {NativeError.TextOf(error)}. Nothing of this run was loaded, and the state is "
            + "as before. Get the file again, then run again.", error);
}
