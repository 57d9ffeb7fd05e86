using Dlt.Parquet;
using Dlt.Tests.Support;
using Dlt.Types;

namespace Dlt.Tests.Parquet.Reading;

/// <summary>Columns of files by this library and by DuckDB, read in pieces of any size.</summary>
public sealed class ColumnChunkReaderTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(ParquetCodec.Uncompressed, 1)]
    [InlineData(ParquetCodec.Snappy, 2)]
    [InlineData(ParquetCodec.Gzip, 3)]
    [InlineData(ParquetCodec.Zstd, 4)]
    [InlineData(ParquetCodec.Zstd, 5)]
    public async Task Rows_that_are_read_skipped_and_removed_in_pieces_are_those_that_were_written(ParquetCodec codec, int seed)
    {
        var random = new Random(seed);
        var path = _folder.File($"{seed}.parquet");
        var columns = RandomColumn.All().Where(c => c.Column.Type.FractionDigits != 3).ToList();
        using (var writer = new ParquetFileWriter(path, new() { Codec = codec, PageRows = 500, PageSizeBytes = 4096 }))
        {
            foreach (var column in columns) column.Draw(random, random.Next(1, 9000));
            var rows = columns.Max(c => c.Values.Count);
            writer.WriteRowGroup(columns.Select(c => (c.Column, c.Buffer)), rows);
            writer.Complete([.. columns.Select(c => c.Column)]);
        }

        await using var file = File.OpenRead(path);
        var footer = await ParquetFooter.ReadAsync(file, path, Cancellation);
        for (var i = 0; i < columns.Count; i++)
        {
            var (element, chunk) = (footer.Elements[i], footer.RowGroups[0].Columns[i]);
            Assert.True(ColumnChunkReader.CanRead(element, chunk, columns[i].Column), columns[i].Column.Name);
            using var reader = new ColumnChunkReader(file, element, chunk, columns[i].Column);
            var buffer = columns[i].Column.Type.NewBuffer("read");
            var expected = new List<object?>();
            for (var row = 0; row < footer.Rows;)
            {
                var count = (int)Math.Min(footer.Rows - row, random.Next(1, 2000));
                if (random.Next(4) == 0)
                {
                    await reader.SkipAsync(count, Cancellation);
                    row += count;
                    continue;
                }

                var start = buffer.Rows;
                await reader.ReadAsync(buffer, count, Cancellation);
                var isKept = Enumerable.Range(0, count).Select(_ => random.Next(20) != 0).ToArray();
                buffer.Retain(start, Words(isKept));
                var kept = Enumerable.Range(row, count).Where(r => isKept[r - row]);
                expected.AddRange(kept.Select(r => columns[i].Values.ElementAtOrDefault(r)));
                row += count;
            }

            Assert.True(expected.SequenceEqual(Values(buffer), SameValue.Instance), $"{columns[i].Column.Name}, seed {seed}");
            var again = await AgainAsync(columns[i], buffer);
            Assert.True(expected.SequenceEqual(again, SameValue.Instance), $"{columns[i].Column.Name}, written again, seed {seed}");
        }
    }

    [Theory]
    [InlineData("V1", "snappy")]
    [InlineData("V2", "snappy")]
    [InlineData("V1", "gzip")]
    [InlineData("V2", "uncompressed")]
    [InlineData("V1", "zstd")]
    public async Task Files_of_duckdb_are_read_or_refused_before_the_first_row(string version, string codec)
    {
        var path = _folder.File("duck.parquet");
        Duck.Execute($"""
            COPY (SELECT i AS n, i::INTEGER AS small, CASE WHEN i % 7 = 0 THEN NULL ELSE 'text ' || i % 100 END AS few,
                'text ' || i AS many, i / 4.0::DOUBLE AS real, (i / 4.0)::FLOAT AS single,
                i % 3 = 0 AS flag, DATE '2024-01-01' + (i % 400)::INTEGER AS day,
                TIMESTAMP '2024-01-01' + INTERVAL (i) SECOND AS moment, (i / 8.0)::DECIMAL(9,3) AS d9, (i / 8.0)::DECIMAL(38,3) AS d38
                FROM range(5000) r(i)) TO '{path}' (FORMAT parquet, PARQUET_VERSION {version}, CODEC {codec}, ROW_GROUP_SIZE 2048)
            """);
        ColumnType[] types =
        [
            new() { DataType = DataType.Bigint, IntegerBits = 64 }, new() { DataType = DataType.Bigint, IntegerBits = 64 },
            new() { DataType = DataType.Text }, new() { DataType = DataType.Text }, new() { DataType = DataType.Double },
            new() { DataType = DataType.Double }, new() { DataType = DataType.Bool }, new() { DataType = DataType.Date },
            new() { DataType = DataType.Timestamp, FractionDigits = 6 }, new() { DataType = DataType.Decimal, Precision = 9, Scale = 3 },
            new() { DataType = DataType.Decimal, Precision = 38, Scale = 3 },
        ];
        await using var file = File.OpenRead(path);
        var footer = await ParquetFooter.ReadAsync(file, path, Cancellation);
        var read = 0;
        for (var i = 0; i < types.Length; i++)
        {
            var column = new ParquetColumn("c", types[i], isRequired: false);
            if (footer.RowGroups.Any(g => !ColumnChunkReader.CanRead(footer.Elements[i], g.Columns[i], column))) continue;
            var buffer = types[i].NewBuffer("c");
            foreach (var group in footer.RowGroups)
            {
                using var reader = new ColumnChunkReader(file, footer.Elements[i], group.Columns[i], column);
                await reader.ReadAsync(buffer, (int)group.Rows, Cancellation);
            }

            var name = footer.Elements[i].Name;
            var sql = types[i].DataType switch
            {
                DataType.Date => $"epoch_us({name}) // 86400000000",
                DataType.Timestamp => $"epoch_us({name})",
                DataType.Decimal => $"({name} * 1000)::BIGINT",
                DataType.Text => $"'x' || hex({name})",
                _ => name,
            };
            Assert.Equal(Duck.Values($"SELECT {sql} FROM '{path}'"), Values(buffer).Select(Text));
            read++;
        }

        Assert.True(read >= (version == "V1" ? types.Length : 3), $"{read} columns");
    }

    [Fact]
    public async Task Damaged_pages_are_refused()
    {
        var path = _folder.File("a.parquet");
        var column = new ParquetColumn("n", new() { DataType = DataType.Text }, isRequired: false);
        using (var writer = new ParquetFileWriter(path, new() { Codec = ParquetCodec.Zstd }))
        {
            var buffer = new BytesBuffer("n");
            for (var row = 0; row < 1000; row++) buffer.Append(row, System.Text.Encoding.UTF8.GetBytes($"text {row}"));
            writer.WriteRowGroup([(column, buffer)], 1000);
            writer.Complete([column]);
        }

        var footer = ParquetFooter.Read(path);
        var chunk = footer.RowGroups[0].Columns[0];
        var bytes = File.ReadAllBytes(path);
        for (var at = chunk.Start; at < chunk.Start + chunk.CompressedBytes; at += 3)
        {
            var damaged = bytes.ToArray();
            damaged[at] ^= 0x55;
            using var reader = new ColumnChunkReader(new MemoryStream(damaged), footer.Elements[0], chunk, column);
            var buffer = new BytesBuffer("n");
            var error = await Record.ExceptionAsync(async () => await reader.ReadAsync(buffer, 1000, Cancellation));
            Assert.True(error is null or FormatException, $"byte {at}: {error}");
        }
    }

    /// <summary>The values of the buffer after it was written to a file and read again.</summary>
    private async Task<List<object?>> AgainAsync(RandomColumn column, ColumnBuffer buffer)
    {
        var path = _folder.File("again.parquet");
        using (var writer = new ParquetFileWriter(path, new() { PageRows = 700 }))
        {
            writer.WriteRowGroup([(column.Column, buffer)], buffer.Rows);
            writer.Complete([column.Column]);
        }

        await using var file = File.OpenRead(path);
        var footer = await ParquetFooter.ReadAsync(file, path, Cancellation);
        using var reader = new ColumnChunkReader(file, footer.Elements[0], footer.RowGroups[0].Columns[0], column.Column);
        var again = column.Column.Type.NewBuffer("again");
        await reader.ReadAsync(again, buffer.Rows, Cancellation);
        return Values(again);
    }

    private static ulong[] Words(bool[] bits)
    {
        var words = new ulong[(bits.Length + 63) / 64];
        for (var i = 0; i < bits.Length; i++)
            if (bits[i]) words[i >> 6] |= 1UL << (i & 63);
        return words;
    }

    private static List<object?> Values(ColumnBuffer buffer) =>
        [.. Enumerable.Range(0, buffer.Rows).Select(row => buffer.IsValid(row) ? ValueOf(buffer, buffer.ValuesBefore(row)) : null)];

    private static object ValueOf(ColumnBuffer buffer, int index) => buffer switch
    {
        FixedBuffer<long> longs => longs.Values[index],
        FixedBuffer<int> days => (long)days.Values[index],
        FixedBuffer<double> doubles => doubles.Values[index],
        FixedBuffer<bool> flags => flags.Values[index],
        FixedBuffer<Int128> decimals => decimals.Values[index],
        _ => ((BytesBuffer)buffer).Value(index).ToArray(),
    };

    private static string Text(object? value) => value switch
    {
        null => "",
        byte[] bytes => "x" + Convert.ToHexString(bytes),
        _ => Convert.ToString(value, System.Globalization.CultureInfo.InvariantCulture)!,
    };

    private sealed class SameValue : IEqualityComparer<object?>
    {
        public static SameValue Instance { get; } = new();

        bool IEqualityComparer<object?>.Equals(object? x, object? y) => (x, y) switch
        {
            (byte[] a, byte[] b) => a.AsSpan().SequenceEqual(b),
            (double a, double b) => BitConverter.DoubleToInt64Bits(a) == BitConverter.DoubleToInt64Bits(b),
            _ => Equals(x, y),
        };

        public int GetHashCode(object? value) => 0;
    }
}
