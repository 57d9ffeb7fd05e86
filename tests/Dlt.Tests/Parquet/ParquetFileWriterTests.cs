using Dlt.Parquet;
using Dlt.Tests.Support;
using Dlt.Types;

namespace Dlt.Tests.Parquet;

/// <summary>The writer without a pipeline: DuckDB reads its files, and it refuses values that it cannot write.</summary>
public sealed class ParquetFileWriterTests : IDisposable
{
    private static readonly ColumnType Long = new() { DataType = DataType.Bigint, IntegerBits = 64 };
    private static readonly ColumnType Text = new() { DataType = DataType.Text };

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Lists_structs_and_maps_are_written_from_json()
    {
        var type = new NestedColumnType.Struct(
        [
            new("sku", Text),
            new("prices", Nested(new NestedColumnType.List(new() { DataType = DataType.Decimal, Precision = 9, Scale = 2 }))),
            new("tags", Nested(new NestedColumnType.Map(Text, Long))),
        ]);
        var column = new ParquetColumn("v", Nested(type), isRequired: false);
        var buffer = new BytesBuffer("v");
        buffer.Append(0, """{"sku":"a","prices":[1.5,2],"tags":{"x":1,"y":null}}"""u8);
        buffer.Append(2, """{"prices":[],"other":true}"""u8);
        var path = Write([(column, buffer)], 3);
        Assert.Equal(
            ["{'sku': a, 'prices': [1.50, 2.00], 'tags': {x=1, y=NULL}}", "", "{'sku': NULL, 'prices': [], 'tags': NULL}"],
            Duck.Values($"SELECT coalesce(v::VARCHAR, '') FROM '{path}'"));
    }

    [Fact]
    public void Row_groups_of_several_encoders_stand_in_the_order_of_the_calls()
    {
        var column = new ParquetColumn("n", Long, isRequired: true);
        var path = _folder.File("groups.parquet");
        using (var writer = new ParquetFileWriter(path, new()))
        {
            var groups = new EncodedRowGroup[3];
            var encoders = Array.ConvertAll(groups, _ => new RowGroupEncoder(new()));
            Parallel.For(0, groups.Length, n =>
            {
                var buffer = new FixedBuffer<long>("n");
                for (var row = 0; row < 10; row++) buffer.Append(row, (n * 10) + row);
                groups[n] = encoders[n].Encode([(column, buffer)], 10);
            });
            foreach (var group in groups) writer.WriteRowGroup(group);
            Assert.Equal(30, writer.Rows);
            writer.Complete([column]);
            foreach (var encoder in encoders) encoder.Dispose();
        }

        Assert.Equal(Enumerable.Range(0, 30).Select(n => $"{n}"), Duck.Values($"SELECT n::VARCHAR FROM '{path}'"));
    }

    [Fact]
    public void A_column_that_a_row_group_lacks_is_null_in_it()
    {
        var (first, second) = (new ParquetColumn("a", Long, isRequired: true), new ParquetColumn("b", Text, isRequired: false));
        var path = _folder.File("late.parquet");
        using (var writer = new ParquetFileWriter(path, new()))
        {
            writer.WriteRowGroup([(first, Longs(2))], 2);
            Assert.True(writer.LacksColumn(second));
            writer.Complete([first, second]);
        }

        Assert.Equal(["2"], Duck.Values($"SELECT count(*)::VARCHAR FROM '{path}' WHERE b IS NULL"));
    }

    [Fact]
    public void A_buffer_of_another_type_is_refused_and_the_file_goes_on()
    {
        var column = new ParquetColumn("n", Long, isRequired: true);
        var path = _folder.File("refused.parquet");
        using (var writer = new ParquetFileWriter(path, new()))
        {
            var doubles = new FixedBuffer<double>("n");
            doubles.Append(0, 1.5);
            Assert.Contains("'n' has type bigint", Refusal(() => writer.WriteRowGroup([(column, doubles)], 1)), StringComparison.Ordinal);
            Assert.Contains("has 3 rows", Refusal(() => writer.WriteRowGroup([(column, Longs(3))], 2)), StringComparison.Ordinal);
            writer.WriteRowGroup([(column, Longs(2))], 2);
            var twice = Refusal(() => writer.Complete([column, column]));
            Assert.Contains("'n' is listed twice", twice, StringComparison.Ordinal);
            Assert.Contains("'n' has values", Refusal(() => writer.Complete([])), StringComparison.Ordinal);
            writer.Complete([column]);
        }

        Assert.Equal(["0", "1"], Duck.Values($"SELECT n::VARCHAR FROM '{path}'"));
    }

    [Fact]
    public void Nulls_in_a_required_column_are_refused()
    {
        var column = new ParquetColumn("n", Long, isRequired: true);
        using var encoder = new RowGroupEncoder(new());
        var error = Assert.Throws<InvalidOperationException>(() => encoder.Encode([(column, Longs(1))], 2));
        Assert.Contains("'n' is required but has 1 nulls", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_type_outside_its_ranges_makes_no_column()
    {
        Refuses(new() { DataType = DataType.Bigint }, "8, 16, 32 or 64 bits");
        Refuses(new() { DataType = DataType.Decimal, Precision = 39 }, "1 to 38 digits");
        Refuses(new() { DataType = DataType.Decimal, Precision = 3, Scale = 4 }, "decimal(3,4)");
        Refuses(new() { DataType = DataType.Timestamp, FractionDigits = 9 }, "0 to 6");
        Refuses(new() { DataType = DataType.Binary, FixedBytes = -1 }, "1 byte or more");
        Refuses(Nested(new NestedColumnType.Struct([])), "at least one field");
        Refuses(Nested(new NestedColumnType.Struct([new("a", Long), new("a", Text)])), "'a' twice");
        Refuses(Nested(new NestedColumnType.List(new() { DataType = DataType.Bigint, IntegerBits = 7 })), "not 7");
        Refuses(Nested(new NestedColumnType.Map(Nested(new NestedColumnType.List(Long)), Long)), "key of a map");
    }

    [Fact]
    public void Options_outside_their_ranges_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new ParquetWriterOptions { ZstdLevel = 23 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new ParquetWriterOptions { PageRows = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new ParquetWriterOptions { PageSizeBytes = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new ParquetWriterOptions { DictionaryBytes = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new ParquetWriterOptions { Codec = (ParquetCodec)5 });
    }

    private static void Refuses(ColumnType type, string why) =>
        Assert.Contains(why, Refusal(() => _ = new ParquetColumn("c", type, isRequired: false)), StringComparison.Ordinal);

    private static string Refusal(Action action) => Assert.Throws<ArgumentException>(action).Message;

    private static ColumnType Nested(NestedColumnType type) => new() { DataType = DataType.Json, Nested = type };

    private static FixedBuffer<long> Longs(int rows)
    {
        var buffer = new FixedBuffer<long>("n");
        for (var row = 0; row < rows; row++) buffer.Append(row, row);
        return buffer;
    }

    private string Write(IReadOnlyList<(ParquetColumn Column, ColumnBuffer Buffer)> columns, int rows)
    {
        var path = _folder.File("written.parquet");
        using var writer = new ParquetFileWriter(path, new());
        writer.WriteRowGroup(columns, rows);
        writer.Complete([.. columns.Select(c => c.Column)]);
        return path;
    }
}
