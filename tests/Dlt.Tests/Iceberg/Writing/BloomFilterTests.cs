using Dlt.Iceberg;
using Dlt.Parquet;
using Dlt.Parquet.Reading;
using Dlt.Tests.Support;

namespace Dlt.Tests.Iceberg.Writing;

/// <summary>Bloom filters are written where the table wants them, DuckDB understands them, and scans use them.</summary>
public sealed class BloomFilterTests : IDisposable
{
    private const int Rows = 3000;

    private readonly TempFolder _folder = new();
    private readonly List<string> _warnings = [];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<string> Types =>
    [
        "int", "long", "float", "double", "decimal(9,2)", "decimal(18,2)", "decimal(38,2)", "date", "time", "timestamp", "timestamptz",
        "string", "uuid", "fixed[5]", "binary",
    ];

    public void Dispose() => _folder.Dispose();

    [Theory, MemberData(nameof(Types))]
    public async Task A_filter_has_every_value_and_excludes_nearly_all_others(string name)
    {
        var type = TypeOf(name);
        foreach (var isRepeated in new[] { false, true })
        {
            var table = await CreateAsync(type, ("write.parquet.bloom-filter-enabled.column.v", "true"));
            object? Value(int i) => i % 7 == 0 ? null : ValueOf(type, isRepeated ? i % 50 : i);
            table = await AppendAsync(table, [.. Enumerable.Range(0, Rows).Select(Value)]);
            var file = Assert.Single(await OneColumn.FilesAsync(table));
            var bloom = await BloomAsync(table, file.FilePath, type);
            for (var i = 0; i < Rows; i++) Assert.True(Value(i) is not { } value || bloom.MayContain(value));
            Assert.InRange(Enumerable.Range(Rows, Rows).Count(i => bloom.MayContain(ValueOf(type, i))), 0, Rows / 20);
        }
    }

    [Theory]
    [InlineData("int", "7", "1000007")]
    [InlineData("long", "7", "1000007")]
    [InlineData("double", "7.5", "1000007.5")]
    [InlineData("float", "7.5", "1000007.5")]
    [InlineData("date", "'1970-01-08'", "'2150-01-08'")]
    [InlineData("timestamp", "'1970-01-01 00:00:07'", "'2150-01-08 00:00:00'")]
    [InlineData("string", "'value 7'", "'value 1000007'")]
    [InlineData("decimal(18,2)", "0.07", "10000.07")]
    public async Task DuckDB_finds_values_and_excludes_others_by_our_filters(string name, string present, string absent)
    {
        var type = TypeOf(name);
        var table = await CreateAsync(type, ("write.parquet.bloom-filter-enabled.column.v", "true"),
            ("write.parquet.bloom-filter-fpp.column.v", "0.000001"));
        table = await AppendAsync(table, [.. Enumerable.Range(0, Rows).Select(i => ValueOf(type, i))]);
        var path = Assert.Single(await OneColumn.FilesAsync(table)).FilePath["file://".Length..];
        string Excluded(string value) => Assert.Single(
            Duck.Values($"SELECT bloom_filter_excludes FROM parquet_bloom_probe('{path}', 'v', {value})"));
        Assert.Equal("False", Excluded(present));
        Assert.Equal("True", Excluded(absent));
        Assert.Equal([$"{Rows}"], Duck.Values($"SELECT count(v) FROM '{path}'"));
        Assert.Equal(["1"], Duck.Values($"SELECT count(*) FROM '{path}' WHERE v = {present}"));
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task A_scan_for_equality_reads_only_row_groups_that_may_have_the_value(bool byArrow)
    {
        // Every row group has small and great values, so bounds exclude none.
        var record = new StructType(
            [new(10, "key", new PrimitiveType(PrimitiveKind.String)), new(11, "x", new PrimitiveType(PrimitiveKind.Float))]);
        IcebergType type = byArrow ? record : new PrimitiveType(PrimitiveKind.String);
        var column = byArrow ? "v.key" : "v";
        var table = await CreateAsync(type, ($"write.parquet.bloom-filter-enabled.column.{column}", "true"),
            ("write.parquet.row-group-size-bytes", byArrow ? "5000" : "15000"));
        static string Key(int i) => $"{i * 7919 % Rows:0000} some text";
        table = await AppendAsync(
            table, [.. Enumerable.Range(0, Rows).Select(i => byArrow ? new object?[] { Key(i), 1.5f } : (object?)Key(i))]);
        var (all, _) = await ReadAsync(table, Filter.StartsWith(column, "00"));
        var (equal, found) = await ReadAsync(table, Filter.Equal(column, Key(5)));
        var either = Filter.Or(Filter.Equal(column, Key(5)), Filter.In(column, Key(Rows - 1), "0000 absent"));
        var (two, foundTwo) = await ReadAsync(table, either);
        Assert.Equal(Rows, all);
        Assert.Equal((1, 2), (found, foundTwo));
        Assert.InRange(equal, 1, Rows / 4);
        Assert.InRange(two, equal + 1, Rows / 2);
        Assert.Equal((0, 0), await ReadAsync(table, Filter.Equal(column, "0100 absent")));
        Assert.Equal(1, (await ReadAsync(table, Filter.And(Filter.Equal(column, Key(5)), Filter.GreaterOrEqual("id", 0)))).Found);
    }

    [Fact]
    public async Task Filters_of_another_writer_are_used_also_without_a_stated_size_and_after_a_promotion()
    {
        var path = _folder.File("duck.parquet");
        Duck.Execute($"""
            COPY (SELECT i::INTEGER AS id, (i * 7919 % 100 * 2)::INTEGER AS v FROM range(100000) t(i)) TO '{path}'
            (FORMAT parquet, ROW_GROUP_SIZE 50000, FIELD_IDS {'{'}id: 1, v: 2{'}'})
            """);
        var table = await CreateAsync(new PrimitiveType(PrimitiveKind.Int));
        table = await table.NewTransaction()
            .Append([new DataFile { FilePath = path, RecordCount = 100_000, FileSizeInBytes = new FileInfo(path).Length }])
            .UpdateSchema(s => s.PromoteColumn("v", new PrimitiveType(PrimitiveKind.Long))).CommitAsync(Cancellation);
        Assert.Equal((0, 0), await ReadAsync(table, Filter.Equal("v", 101)));
        Assert.Equal((0, 0), await ReadAsync(table, Filter.Equal("v", 6_000_000_000L)));
        Assert.Equal(1000, (await ReadAsync(table, Filter.Equal("v", 102))).Found);
    }

    [Fact]
    public async Task Zeros_of_both_signs_are_found()
    {
        var type = new PrimitiveType(PrimitiveKind.Double);
        var table = await CreateAsync(type, ("write.parquet.bloom-filter-enabled.column.v", "true"));
        table = await AppendAsync(table, [-0.0, double.NaN, 5.0]);
        Assert.Equal(1, (await ReadAsync(table, Filter.Equal("v", 0.0))).Found);
        var path = Assert.Single(await OneColumn.FilesAsync(table)).FilePath["file://".Length..];
        Assert.Equal(["False"], Duck.Values($"SELECT bloom_filter_excludes FROM parquet_bloom_probe('{path}', 'v', 0.0::DOUBLE)"));
        Assert.True((await BloomAsync(table, path, type)).MayContain(double.NaN));
    }

    [Fact]
    public async Task Size_and_rate_are_those_of_the_table()
    {
        var small = await SizeAsync(("write.parquet.bloom-filter-fpp.column.v", "0.2"));
        var usual = await SizeAsync();
        var exact = await SizeAsync(("write.parquet.bloom-filter-fpp.column.v", "0.0001"));
        Assert.True(small < usual && usual < exact, $"{small} {usual} {exact}");
        Assert.InRange(await SizeAsync(("write.parquet.bloom-filter-max-bytes", "1000")), 512, 540);
        Assert.Empty(_warnings);

        async Task<int> SizeAsync(params (string, string)[] properties)
        {
            var table = await CreateAsync(
                new PrimitiveType(PrimitiveKind.Long), [("write.parquet.bloom-filter-enabled.column.v", "true"), .. properties]);
            table = await AppendAsync(table, [.. Enumerable.Range(0, Rows).Select(i => (object?)(long)i)]);
            return FooterOf(await OneColumn.FilesAsync(table)).RowGroups[0].Columns[1].BloomFilterBytes!.Value;
        }
    }

    [Fact]
    public async Task Rewritten_and_compacted_files_have_filters_and_a_renamed_column_keeps_its_own()
    {
        var table = await CreateAsync(new PrimitiveType(PrimitiveKind.Long), ("write.parquet.bloom-filter-enabled.column.v", "true"));
        table = await AppendAsync(table, 1L, 2L, 3L);
        table = await (await table.NewTransaction().DeleteAsync(Filter.Equal("v", 2), RowChangeMode.CopyOnWrite, Cancellation))
            .UpdateSchema(s => s.RenameColumn("v", "w")).CommitAsync(Cancellation);
        Assert.NotNull(FooterOf(await OneColumn.FilesAsync(table)).RowGroups[0].Columns[1].BloomFilterOffset);
        table = await AppendAsync(table, 4L);
        table = await table.CompactAsync(rewriteAll: true, cancellationToken: Cancellation);
        var chunks = FooterOf(await OneColumn.FilesAsync(table)).RowGroups[0].Columns;
        Assert.Null(chunks[0].BloomFilterOffset);
        Assert.NotNull(chunks[1].BloomFilterOffset);
        Assert.Equal(1, (await ReadAsync(table, Filter.Equal("w", 4))).Found);
    }

    [Theory]
    [InlineData("write.parquet.bloom-filter-enabled.column.nobody", "true")]
    [InlineData("write.parquet.bloom-filter-enabled.column.v", "true")]   // a list
    [InlineData("write.parquet.bloom-filter-enabled.column.v.element", "true")]
    [InlineData("write.parquet.bloom-filter-max-bytes", "31")]
    [InlineData("write.parquet.bloom-filter-fpp.column.id", "1.5")]
    [InlineData("write.parquet.bloom-filter-adaptive-enabled", "true")]
    public async Task A_property_without_effect_is_named_in_a_warning(string name, string value)
    {
        await CreateAsync(new ListType(5, new PrimitiveType(PrimitiveKind.Long)), (name, value));
        Assert.Contains($"{name} = {value}", Assert.Single(_warnings), StringComparison.Ordinal);
    }

    private static PrimitiveType TypeOf(string name) => PrimitiveType.Parse(name);

    private static object ValueOf(PrimitiveType type, int i) => type.Kind switch
    {
        PrimitiveKind.Int or PrimitiveKind.Date => i,
        PrimitiveKind.Float => i + 0.5f,
        PrimitiveKind.Double => i + 0.5,
        PrimitiveKind.Decimal => (Int128)(i % 2 == 0 ? i : type.Precision == 38 ? (Int128)i << 80 : i),
        PrimitiveKind.String => $"value {i}",
        PrimitiveKind.Uuid => new Guid(i, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10),
        PrimitiveKind.Fixed or PrimitiveKind.Binary => (byte[])[1, .. BitConverter.GetBytes(i)],
        PrimitiveKind.Time or PrimitiveKind.Timestamp or PrimitiveKind.TimestampTz => i * 1_000_000L,
        _ => (long)i,
    };

    private static ParquetFooter FooterOf(IReadOnlyList<DataFile> files) =>
        ParquetFooter.Read(Assert.Single(files).FilePath["file://".Length..]);

    private static async Task<RowGroupBloom> BloomAsync(Table table, string location, PrimitiveType type)
    {
        var file = await table.Files.OpenAsync(location, null, Cancellation);
        await using (file)
        {
            var blooms = await FileBlooms.OpenAsync(file, location, Cancellation);
            Assert.True(blooms!.Has(2) && !blooms.Has(1));
            return (await blooms.FindAsync(0, 2, type, Cancellation))!;
        }
    }

    /// <summary>Returns the number of rows of the row groups that are read, and of the matching rows.</summary>
    private static async Task<(int Read, int Found)> ReadAsync(Table table, Filter where)
    {
        var schema = table.Metadata.CurrentSchema;
        var (all, read) = (0L, 0);
        foreach (var file in await OneColumn.FilesAsync(table))
        {
            var stream = await table.Files.OpenAsync(file.FilePath, null, Cancellation);
            await using (stream)
            {
                var request = new DataFileRequest(file.FilePath, schema) { Filter = FilterBinder.Bind(where, schema) };
                await foreach (var batch in new ParquetDataFileReader().ReadAsync(stream, request, Cancellation))
                {
                    all += batch.RowCount;
                    read += batch.Rows.Count;
                }
            }

            Assert.Equal(file.RecordCount, all);
        }

        return (read, await table.Scan().Where(where).ReadRowsAsync(Cancellation).CountAsync(Cancellation));
    }

    private Task<Table> CreateAsync(IcebergType type, params (string Name, string Value)[] properties)
    {
        var catalog = new FolderCatalog(_folder.File("w")) { DataFileReader = new ParquetDataFileReader(), Warn = _warnings.Add };
        var schema = new Schema([new(1, "id", new PrimitiveType(PrimitiveKind.Int)), new(2, "v", type)]);
        return catalog.CreateTableAsync(new("db", $"t{Guid.NewGuid():N}"), schema,
            properties: properties.ToDictionary(p => p.Name, p => p.Value), cancellationToken: Cancellation);
    }

    private static async Task<Table> AppendAsync(Table table, params object?[] values)
    {
        await using var writer = new DataFileWriter(table);
        for (var i = 0; i < values.Length; i++) await writer.AddAsync([i, values[i]], Cancellation);
        return await table.NewTransaction().Append(await writer.CompleteAsync(Cancellation)).CommitAsync(Cancellation);
    }
}
