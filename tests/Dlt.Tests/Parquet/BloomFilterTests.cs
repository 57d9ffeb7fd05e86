using Dlt.Internal;
using Dlt.Parquet;
using Dlt.Tests.Support;

namespace Dlt.Tests.Parquet;

/// <summary>Bloom filters of the encoder hold the values of each row group, and options out of range are refused.</summary>
public sealed class BloomFilterTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Each_row_group_has_a_filter_of_its_own_values_and_columns_without_values_have_none()
    {
        var path = _folder.File("rows.parquet");
        ColumnType text = new() { DataType = DataType.Text }, flag = new() { DataType = DataType.Bool };
        ParquetColumn[] columns = [new("load", text, false), new("key", text, false), new("ok", flag, false), new("later", text, false)];
        var wanted = columns.Aggregate(
            new ParquetWriterOptions().BloomFilters, (all, column) => all.SetItem(column.Name, new() { FalsePositiveRate = 0.0001 }));
        using (var writer = new ParquetFileWriter(path, new() { BloomFilters = wanted }))
        {
            for (var group = 0; group < 2; group++)
            {
                var load = new ConstantBuffer("load", [(byte)('a' + group)]);
                load.CoverTo(100);
                var keys = new BytesBuffer("key");
                var flags = new FixedBuffer<bool>("ok");
                for (var row = 0; row < 100; row++)
                {
                    keys.Append(row, System.Text.Encoding.UTF8.GetBytes($"{group} {row}"));
                    flags.Append(row, true);
                }

                writer.WriteRowGroup([(columns[0], load), (columns[1], keys), (columns[2], flags)], 100);
            }

            writer.Complete(columns);
        }

        string Groups(string column, string value) => string.Join(' ', Duck.Values(
            $"SELECT bloom_filter_excludes FROM parquet_bloom_probe('{path}', '{column}', '{value}') ORDER BY row_group_id"));
        Assert.Equal("False True", Groups("load", "a"));
        Assert.Equal("True False", Groups("load", "b"));
        Assert.Equal("False True", Groups("key", "0 99"));
        Assert.Equal("True False", Groups("key", "1 0"));
        foreach (var group in ParquetFooter.Read(path).RowGroups)
            Assert.Equal([true, true, false, false], group.Columns.Select(c => c.BloomFilterOffset is not null));
        Assert.Equal(["200"], Duck.Values($"SELECT count(key) FROM '{path}' WHERE load IN ('a', 'b') AND ok AND later IS NULL"));
    }

    [Fact]
    public void A_footer_that_was_read_from_a_stream_is_not_saved()
    {
        var path = _folder.File("rows.parquet");
        Duck.Execute($"COPY (SELECT 1 AS id) TO '{path}' (FORMAT parquet)");
        using var file = File.OpenRead(path);
        var footer = ParquetFooter.Read(file, "s3://lake/rows.parquet");
        Assert.Equal(1, footer.Rows);
        Assert.Throws<InvalidOperationException>(footer.Save);
        Assert.Throws<InvalidOperationException>(() => footer.CopyTo(_folder.File("copy.parquet")));
        File.WriteAllBytes(_folder.File("short.parquet"), [.. "PAR1"u8, 0]);
        using var tooShort = File.OpenRead(_folder.File("short.parquet"));
        var error = Assert.Throws<ParquetFormatException>(() => ParquetFooter.Read(tooShort, "s3://lake/short.parquet"));
        Assert.Contains("s3://lake/short.parquet", error.Message, StringComparison.Ordinal);
    }

    [Theory, InlineData(0), InlineData(1), InlineData(double.NaN)]
    public void A_rate_out_of_range_is_refused(double rate) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new BloomFilterOptions { FalsePositiveRate = rate });

    [Theory, InlineData(31), InlineData((128 << 20) + 1)]
    public void A_size_out_of_range_is_refused(int bytes) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new BloomFilterOptions { MaxBytes = bytes });

    [Theory]
    [InlineData("")]
    [InlineData("15")]
    [InlineData("1542")]
    public void Bytes_that_are_no_filter_are_refused(string hex) =>
        Assert.Throws<FormatException>(() => ParquetBloomFilter.Read(Convert.FromHexString(hex)));

    [Fact]
    public void A_filter_is_read_from_its_bytes_and_states_what_it_needs()
    {
        var filter = ParquetBloomFilter.Create(1000, new());
        for (var i = 0; i < 1000; i++) filter.Add(ParquetBloomFilter.HashOf(BitConverter.GetBytes(i)));
        var bytes = filter.ToArray();
        var (read, needed) = ParquetBloomFilter.Read(bytes);
        Assert.Equal(bytes.Length, needed);
        Assert.Equal(bytes, read!.ToArray());
        Assert.All(Enumerable.Range(0, 1000), i => Assert.True(read.MayContain(ParquetBloomFilter.HashOf(BitConverter.GetBytes(i)))));
        Assert.Equal((null, bytes.Length), ParquetBloomFilter.Read(bytes.AsSpan(0, 64)));
    }
}
