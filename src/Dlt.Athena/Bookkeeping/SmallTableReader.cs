using Apache.Arrow;
using Apache.Arrow.Types;
using Dlt.Internal;
using ParquetSharp;
using ParquetSharp.Arrow;
using TimeUnit = Apache.Arrow.Types.TimeUnit;

namespace Dlt.Destinations.Bookkeeping;

/// <summary>Reads whole Parquet files with few rows: those of bookkeeping tables, from any writer.</summary>
internal static class SmallTableReader
{
    /// <summary>
    /// Reads rows as values by column name. Texts are strings, integers are longs, timestamps are DateTime in UTC; columns of other types
    /// are left out.
    /// </summary>
    /// <param name="parquet">The file.</param>
    /// <param name="name">Name of the file in errors.</param>
    /// <exception cref="DltException">The file is not a readable Parquet file.</exception>
    public static List<Dictionary<string, object?>> Read(byte[] parquet, string name)
    {
        try
        {
            using var arrowProperties = ArrowReaderProperties.GetDefault();
            arrowProperties.PreBuffer = false;   // else Arrow's threads would read on after the file is closed
            arrowProperties.UseThreads = false;
            using var properties = ReaderProperties.GetDefaultReaderProperties();
            using var file = new FileReader(new MemoryStream(parquet), properties, arrowProperties);
            using var batches = file.GetRecordBatchReader();
            var rows = new List<Dictionary<string, object?>>();
            while (batches.ReadNextRecordBatchAsync().AsTask().GetAwaiter().GetResult() is { } batch)
            {
                using (batch) AddRows(batch, rows);
            }

            return rows;
        }
        catch (ParquetException error)
        {
            throw new DltException($"{name} is not a readable Parquet file: {NativeError.TextOf(error)}.", error);
        }
    }

    private static void AddRows(RecordBatch batch, List<Dictionary<string, object?>> rows)
    {
        var first = rows.Count;
        for (var row = 0; row < batch.Length; row++) rows.Add(new(StringComparer.Ordinal));
        for (var column = 0; column < batch.ColumnCount; column++)
        {
            if (Values(batch.Column(column)) is not { } values) continue;
            var columnName = batch.Schema.GetFieldByIndex(column).Name;
            for (var row = 0; row < batch.Length; row++)
                rows[first + row][columnName] = batch.Column(column).IsNull(row) ? null : values(row);
        }
    }

    private static Func<int, object?>? Values(IArrowArray array) => array switch
    {
        StringArray texts => i => texts.GetString(i),
        LargeStringArray texts => i => texts.GetString(i),
        Int64Array integers => i => integers.GetValue(i),
        Int32Array integers => i => (long?)integers.GetValue(i),
        TimestampArray times => i =>
            DateTime.UnixEpoch.AddTicks(Ticks(times.GetValue(i)!.Value, ((TimestampType)times.Data.DataType).Unit)),
        DictionaryArray coded when Values(coded.Dictionary) is { } values && Values(coded.Indices) is { } codes =>
            i => values((int)(long)codes(i)!),
        _ => null,
    };

    private static long Ticks(long value, TimeUnit unit) => unit switch
    {
        TimeUnit.Second => value * TimeSpan.TicksPerSecond,
        TimeUnit.Millisecond => value * TimeSpan.TicksPerMillisecond,
        TimeUnit.Microsecond => value * TimeSpan.TicksPerMicrosecond,
        _ => value / TimeSpan.NanosecondsPerTick,
    };
}
