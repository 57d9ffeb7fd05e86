using Dlt.Iceberg;
using Dlt.Tests.Support;

namespace Dlt.Tests.Iceberg.Writing;

/// <summary>Column metrics in manifests are right for every engine, or left out.</summary>
public sealed class ColumnMetricsTests : IDisposable
{
    private static readonly PrimitiveType Double = new(PrimitiveKind.Double);

    private readonly TempFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Theory, InlineData(false), InlineData(true)]
    public async Task Nans_of_every_double_are_counted_and_zero_is_recorded(bool byArrow)
    {
        var nans = Assert.Single(await OneColumn.FilesAsync(await AppendAsync(Double, byArrow, double.NaN, 6.33, null, -1.5, double.NaN)));
        Assert.Equal((5L, 1L, 2L), (nans.ValueCounts![2], nans.NullValueCounts![2], nans.NanValueCounts![2]));
        Assert.Equal((-1.5, 6.33), (BitConverter.ToDouble(nans.LowerBounds![2]), BitConverter.ToDouble(nans.UpperBounds![2])));
        var none = Assert.Single(await OneColumn.FilesAsync(await AppendAsync(Double, byArrow, 0.0, 1.0)));
        Assert.Equal(0L, none.NanValueCounts![2]);
        Assert.True(double.IsNegative(BitConverter.ToDouble(none.LowerBounds![2])));   // a bound for both zeros
        var all = Assert.Single(await OneColumn.FilesAsync(await AppendAsync(Double, byArrow, double.NaN, double.NaN)));
        Assert.Equal(2L, all.NanValueCounts![2]);
        Assert.False(all.LowerBounds!.ContainsKey(2) || all.UpperBounds!.ContainsKey(2));
    }

    [Fact]
    public async Task Nans_within_structs_are_counted_and_those_below_lists_have_no_metrics()
    {
        var type = new StructType([new(4, "f", new PrimitiveType(PrimitiveKind.Float)), new(5, "in", new StructType([new(6, "d", Double)])),
            new(7, "list", new ListType(8, Double))]);
        var table = await AppendAsync(type, byArrow: false,
            new object?[] { float.NaN, new object?[] { 2.5 }, new List<object?> { double.NaN } }, new object?[] { 1f, null, null }, null);
        var file = Assert.Single(await OneColumn.FilesAsync(table));
        string Names(IEnumerable<int> ids) =>
            string.Join(' ', ids.Select(i => table.Metadata.CurrentSchema.NameOf(i)).Order(StringComparer.Ordinal));
        int Id(string name) => table.Metadata.CurrentSchema.Find(name)!.Id;
        Assert.Equal("v.f v.in.d", Names(file.NanValueCounts!.Keys));
        Assert.Equal((1L, 0L), (file.NanValueCounts![Id("v.f")], file.NanValueCounts[Id("v.in.d")]));
        Assert.Equal((3L, 1L, 2L), (file.ValueCounts![Id("v.f")], file.NullValueCounts![Id("v.f")], file.NullValueCounts[Id("v.in.d")]));
        Assert.Equal("id v.f v.in.d", Names(file.LowerBounds!.Keys));
        Assert.Equal("id v.f v.in.d v.list.element", Names(file.ColumnSizes!.Keys));
    }

    [Fact]
    public async Task Doubles_of_a_file_that_only_its_footer_describes_have_no_bounds()
    {
        var schema = OneColumn.Schema(Double);
        var path = _folder.File("other.parquet");
        Duck.Execute($"COPY (SELECT 1::INTEGER AS id, 1.5::DOUBLE AS v) TO '{path}' (FORMAT parquet, FIELD_IDS {{id: 1, v: 2}})");
        var file = new ParquetFile(path).Describe(
            path, 1, schema, (await OneColumn.CreateAsync(_folder.File("w"), Double)).Metadata, 0, []);
        Assert.Equal([1], file.LowerBounds!.Keys);
        Assert.Equal([1], file.UpperBounds!.Keys);
        Assert.Null(file.NanValueCounts);
    }

    [Theory]
    [InlineData("dlt-dotnet version 0.2.0 (build 5)", true)]
    [InlineData("dlt-dotnet version 0.1.0", false)]
    [InlineData("parquet-cpp-arrow version 20.0.0 (build 5)", false)]
    public async Task Bounds_of_our_encoder_exclude_nan_and_those_of_other_writers_do_not(string writer, bool isCounted)
    {
        var path = _folder.File("own.parquet");
        using (var builder = new ParquetSharp.WriterPropertiesBuilder().CreatedBy(writer))
        using (var properties = builder.Build())
        using (var file = new ParquetSharp.ParquetFileWriter(
            path, [new ParquetSharp.Column<int>("id"), new ParquetSharp.Column<double>("v")], properties))
        {
            using var group = file.AppendRowGroup();
            using (var ids = group.NextColumn().LogicalWriter<int>()) ids.WriteBatch([1, 2]);
            using (var values = group.NextColumn().LogicalWriter<double>()) values.WriteBatch([1.5, 2.5]);
            file.Close();
        }

        var described = new ParquetFile(path).Describe(path, 1, OneColumn.Schema(Double),
            (await OneColumn.CreateAsync(_folder.File("w"), Double)).Metadata, 0, []);
        Assert.Equal(isCounted ? 0L : null, described.NanValueCounts is { } nans ? nans[2] : (long?)null);
        Assert.Equal(isCounted, described.LowerBounds!.ContainsKey(2) && described.UpperBounds!.ContainsKey(2));
    }

    [Fact]
    public async Task Only_texts_and_binaries_are_cut_and_binaries_are_bytes()
    {
        byte[] least = [.. Enumerable.Repeat((byte)0xFF, 16), 1, 2, 3, 4], greatest = [.. Enumerable.Repeat((byte)0xFF, 20)];
        foreach (var byArrow in new[] { false, true })
        {
            var whole = Assert.Single(await OneColumn.FilesAsync(await AppendAsync(PrimitiveType.Fixed(20), byArrow, least, greatest)));
            Assert.Equal((Hex(least), Hex(greatest)), (Hex(whole.LowerBounds![2]), Hex(whole.UpperBounds![2])));
        }

        // A long binary of 0x80 bytes, which continue a character in UTF-8.
        var cut = Assert.Single(
            await OneColumn.FilesAsync(await AppendAsync(new PrimitiveType(PrimitiveKind.Binary),
                byArrow: true, Enumerable.Repeat((byte)0x80, 100).ToArray(), greatest)));
        Assert.Equal(Hex([.. Enumerable.Repeat((byte)0x80, 16)]), Hex(cut.LowerBounds![2]));
        Assert.False(cut.UpperBounds!.ContainsKey(2));   // no bytes are greater than 0xFF
    }

    [Fact]
    public async Task A_bound_stays_where_the_other_one_is_missing_and_an_empty_text_is_one()
    {
        foreach (var byArrow in new[] { false, true })
        {
            var file = Assert.Single(
                await OneColumn.FilesAsync(await AppendAsync(new PrimitiveType(PrimitiveKind.String), byArrow, "", "b")));
            Assert.Equal(("", "62"), (Hex(file.LowerBounds![2]), Hex(file.UpperBounds![2])));
        }

        var last = char.ConvertFromUtf32(0x10FFFF);
        var open = Assert.Single(await OneColumn.FilesAsync(
            await AppendAsync(new PrimitiveType(PrimitiveKind.String), byArrow: true, "", string.Concat(Enumerable.Repeat(last, 20)))));
        Assert.Equal("", Hex(open.LowerBounds![2]));
        Assert.False(open.UpperBounds!.ContainsKey(2));
    }

    [Fact]
    public async Task Bounds_of_uuids_are_written_where_no_order_misreads_them()
    {
        var uuid = new PrimitiveType(PrimitiveKind.Uuid);
        Guid zero = Guid.Empty, high = Guid.Parse("f79c3e09-677c-4bbd-a479-3f349cb785e7"),
        low = Guid.Parse("10000000-0000-4000-8000-000000000000");
        var both = Assert.Single(await OneColumn.FilesAsync(await AppendAsync(uuid, byArrow: false, zero, high)));
        Assert.False(both.LowerBounds!.ContainsKey(2) || both.UpperBounds!.ContainsKey(2));
        var alike = Assert.Single(await OneColumn.FilesAsync(await AppendAsync(uuid, byArrow: false, zero, low)));
        Assert.Equal((zero, low), (new Guid(alike.LowerBounds![2], bigEndian: true), new Guid(alike.UpperBounds![2], bigEndian: true)));
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task Files_without_a_sort_order_say_so(bool byArrow) =>
        Assert.Equal(0, Assert.Single(await OneColumn.FilesAsync(await AppendAsync(Double, byArrow, 1.0))).SortOrderId);

    [Fact]
    public async Task Position_delete_files_are_marked_in_their_footer()
    {
        var table = await AppendAsync(Double, byArrow: false, 1.0, 2.0);
        table = await (await table.NewTransaction().DeleteAsync(Filter.Equal("id", 1), RowChangeMode.MergeOnRead, Cancellation))
            .CommitAsync(Cancellation);
        var task = Assert.Single(await table.Scan().PlanFilesAsync(Cancellation).ToListAsync(Cancellation));
        var deletes = Assert.Single(task.Deletes);
        Assert.Null(deletes.SortOrderId);
        Assert.Equal(["position"],
            Duck.Values($"SELECT decode(value) FROM parquet_kv_metadata('{deletes.FilePath["file://".Length..]}') WHERE decode(key) = "
                + "'delete-type'"));
    }

    [Theory]
    [InlineData("TIMESTAMP_MS", 1_795_961_412_532_000L)]
    [InlineData("TIMESTAMP", 1_795_961_412_531_678L)]
    [InlineData("TIMESTAMP_NS", 1_795_961_412_531_678L)]
    public async Task Bounds_of_times_are_microseconds_in_every_file(string duck, long lower)
    {
        var path = _folder.File("times.parquet");
        Duck.Execute($"COPY (SELECT 1::INTEGER AS id, '2026-11-29 14:10:12.531678'::{duck} AS v) TO '{path}' (FORMAT parquet, FIELD_IDS "
            + $"{{id: 1, v: 2}})");
        var type = new PrimitiveType(PrimitiveKind.Timestamp);
        var described = new ParquetFile(path).Describe(path, 1, OneColumn.Schema(type),
            (await OneColumn.CreateAsync(_folder.File("w"), type)).Metadata, 0, []);
        Assert.Equal((lower, lower), (BitConverter.ToInt64(described.LowerBounds![2]), BitConverter.ToInt64(described.UpperBounds![2])));
        Assert.Equal(duck != "TIMESTAMP", new ParquetFile(path).HasOtherUnits(OneColumn.Schema(type)));
    }

    [Theory]
    [InlineData("decimal(9, 3)", "1.5::DECIMAL(9, 2)")]
    [InlineData("int", "4000000000::UINTEGER")]
    public async Task Bounds_of_another_scale_or_sign_are_left_out(string column, string value)
    {
        var path = _folder.File("other.parquet");
        Duck.Execute($"COPY (SELECT 1::INTEGER AS id, {value} AS v) TO '{path}' (FORMAT parquet, FIELD_IDS {{id: 1, v: 2}})");
        var type = PrimitiveType.Parse(column);
        var described = new ParquetFile(path).Describe(path, 1, OneColumn.Schema(type),
            (await OneColumn.CreateAsync(_folder.File("w"), type)).Metadata, 0, []);
        Assert.Equal([1], described.LowerBounds!.Keys);
        Assert.Equal(1, described.ValueCounts![2]);
    }

    private static string Hex(byte[] bytes) => Convert.ToHexString(bytes);

    private async Task<Table> AppendAsync(IcebergType type, bool byArrow, params object?[] values) =>
        await OneColumn.AppendAsync(await OneColumn.CreateAsync(_folder.File("w"), type, byArrow), values);
}
