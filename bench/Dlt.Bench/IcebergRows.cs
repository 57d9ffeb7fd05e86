using System.Diagnostics;
using System.Globalization;
using System.Text;
using Dlt.Iceberg;
using Dlt.Parquet;
using Dlt.Parquet.Reading;
using Dlt.Types;

namespace Dlt.Bench;

/// <summary>
/// Rows from user code into a table and back, compared with the underlying Parquet writer, which gets the same values without a table.
/// </summary>
internal static class IcebergRows
{
    private const int Rows = 1_000_000;
    private const int Rounds = 5;

    private static readonly Schema Columns = new(
    [
        new(1, "id", new PrimitiveType(PrimitiveKind.Long)), new(2, "user_id", new PrimitiveType(PrimitiveKind.Int)),
        new(3, "kind", new PrimitiveType(PrimitiveKind.String)), new(4, "url", new PrimitiveType(PrimitiveKind.String)),
        new(5, "amount", new PrimitiveType(PrimitiveKind.Double)), new(6, "ok", new PrimitiveType(PrimitiveKind.Boolean)),
        new(7, "at", new PrimitiveType(PrimitiveKind.TimestampTz)), new(8, "referrer", new PrimitiveType(PrimitiveKind.Long)),
    ]);

    public static async Task<IReadOnlyList<string>> RunAsync(string folder)
    {
        var rows = Values();
        var catalog = new FolderCatalog(folder) { DataFileReader = new ParquetDataFileReader() };
        var table = await catalog.CreateTableAsync(new("db", "rows"), Columns);
        List<double> plain = [], delta = [], written = [], read = [], batches = [];
        for (var round = 0; round < Rounds; round++)
        {
            plain.Add(Time(() => WritePlain(Path.Combine(folder, "plain.parquet"), rows, isDelta: false)));
            delta.Add(Time(() => WritePlain(Path.Combine(folder, "delta.parquet"), rows, isDelta: true)));
            var clock = Stopwatch.StartNew();
            await using var writer = new DataFileWriter(table);
            foreach (var row in rows) await writer.AddAsync(row);
            var files = await writer.CompleteAsync();
            written.Add(clock.Elapsed.TotalSeconds);
            table = await table.NewTransaction().ReplaceAll(files).CommitAsync();
            clock.Restart();
            await foreach (var _ in table.Scan().ReadRowsAsync())
            {
                // Only reading is measured.
            }

            read.Add(clock.Elapsed.TotalSeconds);
            clock.Restart();
            await foreach (var batch in table.Scan().ReadBatchesAsync()) batch.Dispose();
            batches.Add(clock.Elapsed.TotalSeconds);
        }

        return
        [
            "", "| Iceberg, 1,000,000 rows of 8 columns | s | M rows/s |", "| --- | --- | --- |",
            Line("the Parquet writer alone", plain), Line("the same with delta encodings", delta), Line("DataFileWriter", written),
            Line("ReadRowsAsync", read), Line("ReadBatchesAsync", batches),
        ];
    }

    private static string Line(string what, List<double> seconds)
    {
        var median = seconds.Order().ElementAt(Rounds / 2);
        return string.Create(CultureInfo.InvariantCulture, $"| {what} | {median:F2} | {Rows / 1e6 / median:F2} |");
    }

    private static double Time(Action action)
    {
        var clock = Stopwatch.StartNew();
        action();
        return clock.Elapsed.TotalSeconds;
    }

    private static List<object?[]> Values()
    {
        var random = new Random(7);
        string[] kinds = ["click", "view", "buy", "search"];
        return
        [
            .. Enumerable.Range(0, Rows).Select(i => new object?[]
            {
                (long)i, random.Next(100_000), kinds[random.Next(4)], "https://example.com/p/" + random.Next(10_000), random.NextDouble(),
                random.Next(2) == 0, i * 37_000L, random.Next(3) == 0 ? null : (long)random.Next(),
            }),
        ];
    }

    private static void WritePlain(string path, List<object?[]> rows, bool isDelta)
    {
        ColumnType[] types =
        [
            new() { DataType = DataType.Bigint, IntegerBits = 64 }, new() { DataType = DataType.Bigint, IntegerBits = 32 },
            new() { DataType = DataType.Text }, new() { DataType = DataType.Text }, new() { DataType = DataType.Double },
            new() { DataType = DataType.Bool }, new() { DataType = DataType.Timestamp, FractionDigits = 6, IsUtc = true },
            new() { DataType = DataType.Bigint, IntegerBits = 64 },
        ];
        List<ParquetColumn> columns = [.. Columns.Fields.Select((f, i) => new ParquetColumn(f.Name, types[i], false, f.Id))];
        using var writer = new ParquetFileWriter(path, new ParquetWriterOptions { DeltaEncodings = isDelta });
        foreach (var group in rows.Chunk(1 << 17))
        {
            var buffers = columns.ConvertAll(c => c.Type.NewBuffer(c.Name));
            for (var row = 0; row < group.Length; row++)
            {
                var values = group[row];
                ((FixedBuffer<long>)buffers[0]).Append(row, (long)values[0]!);
                ((FixedBuffer<long>)buffers[1]).Append(row, (int)values[1]!);
                ((BytesBuffer)buffers[2]).Append(row, Encoding.UTF8.GetBytes((string)values[2]!));
                ((BytesBuffer)buffers[3]).Append(row, Encoding.UTF8.GetBytes((string)values[3]!));
                ((FixedBuffer<double>)buffers[4]).Append(row, (double)values[4]!);
                ((FixedBuffer<bool>)buffers[5]).Append(row, (bool)values[5]!);
                ((FixedBuffer<long>)buffers[6]).Append(row, (long)values[6]!);
                if (values[7] is long referrer) ((FixedBuffer<long>)buffers[7]).Append(row, referrer);
            }

            foreach (var buffer in buffers) buffer.FillTo(group.Length);
            writer.WriteRowGroup(columns.Zip(buffers), group.Length);
            foreach (var buffer in buffers) buffer.Release();
        }

        writer.Complete(columns);
    }
}
