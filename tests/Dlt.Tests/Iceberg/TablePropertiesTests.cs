using Dlt.Iceberg;
using Dlt.Parquet.Reading;
using Dlt.Tests.Support;

namespace Dlt.Tests.Iceberg;

/// <summary>Table properties of the format take effect, or one warning names them.</summary>
public sealed class TablePropertiesTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly List<string> _warnings = [];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static Schema Items { get; } = new(
    [
        new(1, "id", new PrimitiveType(PrimitiveKind.Long)), new(2, "text", new PrimitiveType(PrimitiveKind.String)),
        new(3, "score", new PrimitiveType(PrimitiveKind.Double)),
    ]);

    public void Dispose()
    {
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("none", false, false, null)]
    [InlineData("counts", true, false, null)]
    [InlineData("truncate(3)", true, true, "abc")]
    [InlineData("full", true, true, "abcdefghijklmnopqrstuvwxyz")]
    [InlineData("FULL", true, true, "abcdefghijklmnopqrstuvwxyz")]
    [InlineData(" Truncate(20) ", true, true, "abcdefghijklmnopqrst")]
    public async Task Metrics_of_all_columns_are_those_that_the_table_wants(string mode, bool hasCounts, bool hasBounds, string? lower)
    {
        var file = await FileAsync(
            await AppendAsync(await CreateAsync(("write.metadata.metrics.default", mode)), [1L, "abcdefghijklmnopqrstuvwxyz", double.NaN]));
        Assert.Equal(hasCounts ? [1, 2, 3] : [], (file.ValueCounts?.Keys ?? []).Order());
        Assert.Equal(hasCounts ? [1, 2, 3] : [], (file.NullValueCounts?.Keys ?? []).Order());
        Assert.Equal(hasCounts ? [3] : [], file.NanValueCounts?.Keys ?? []);
        Assert.Equal(hasBounds, file.LowerBounds?.ContainsKey(1) == true && file.UpperBounds?.ContainsKey(2) == true);
        Assert.Equal(hasBounds, file.LowerBounds is not null);
        if (lower is not null) Assert.Equal(lower, System.Text.Encoding.UTF8.GetString(file.LowerBounds![2]));
        Assert.Equal(3, file.ColumnSizes!.Count);
        Assert.Empty(_warnings);
    }

    [Theory]
    [InlineData("truncate(")]
    [InlineData("truncate()")]
    [InlineData("truncate(3")]
    [InlineData("truncate(3))")]
    [InlineData("truncate(0)")]
    [InlineData("truncate(-3)")]
    [InlineData("truncate(99999999999)")]
    [InlineData("fuller")]
    [InlineData("")]
    public async Task Metrics_of_a_mode_that_is_malformed_are_the_default_ones_with_a_warning(string mode)
    {
        var table = await CreateAsync(("write.metadata.metrics.default", mode));
        var file = await FileAsync(await AppendAsync(table, [1L, "abcdefghijklmnopqrstuvwxyz", 1.0]));
        Assert.Equal("abcdefghijklmnop", System.Text.Encoding.UTF8.GetString(file.LowerBounds![2]));
        Assert.Contains(_warnings, w => w.Contains($"write.metadata.metrics.default = {mode}", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_column_may_have_metrics_of_its_own_and_keeps_them_under_a_new_name()
    {
        var table = await CreateAsync(("write.metadata.metrics.column.text", "none"), ("write.metadata.metrics.column.id", "counts"));
        var file = await FileAsync(await AppendAsync(table, [1L, "abc", 1.0]));
        Assert.Equal([1, 3], file.ValueCounts!.Keys.Order());
        Assert.Equal([3], file.LowerBounds!.Keys);
        table = await table.NewTransaction().UpdateSchema(s => s.RenameColumn("text", "words")).CommitAsync(Cancellation);
        table = await table.NewTransaction().ReplaceAll([]).CommitAsync(Cancellation);
        Assert.Equal([1, 3], (await FileAsync(await AppendAsync(table, [1L, "abc", 1.0]))).ValueCounts!.Keys.Order());
    }

    [Theory]
    [InlineData("none", "full", 300)]
    [InlineData("truncate(4)", "truncate(100)", 100)]
    [InlineData("counts", "truncate(20)", 20)]
    [InlineData("full", "truncate(5)", 5)]
    public async Task A_column_may_have_longer_bounds_than_the_default(string general, string own, int length)
    {
        var table = await CreateAsync(("write.metadata.metrics.default", general), ("write.metadata.metrics.column.text", own));
        var least = string.Concat(Enumerable.Repeat("é", 300));
        var greatest = string.Concat(Enumerable.Repeat("😀", 300));
        var file = await FileAsync(await AppendAsync(table, [1L, greatest, 1.0], [2L, least, 1.0], [3L, null, 1.0]));
        Assert.Equal(string.Concat(Enumerable.Repeat("é", length)), System.Text.Encoding.UTF8.GetString(file.LowerBounds![2]));
        var upper = string.Concat(Enumerable.Repeat("😀", length - 1)) + (length == 300 ? "😀" : "😁");
        Assert.Equal(upper, System.Text.Encoding.UTF8.GetString(file.UpperBounds![2]));
        Assert.Empty(_warnings);
    }

    [Fact]
    public async Task Columns_beyond_the_first_hundred_have_metrics_only_where_the_table_is_sorted_by_them()
    {
        var schema = new Schema(
            [.. Enumerable.Range(1, 103).Select(i => new NestedField(i, $"c{i}", new PrimitiveType(PrimitiveKind.Long)))]);
        var table = await Catalog().CreateTableAsync(new("ns", "wide"), schema, sortOrder: new SortOrder(1, [new(102, Transform.Identity)]),
            cancellationToken: Cancellation);
        var file = await FileAsync(await AppendAsync(table, [.. Enumerable.Range(1, 103).Select(i => (object?)(long)i)]));
        Assert.Equal([.. Enumerable.Range(1, 100), 102], file.LowerBounds!.Keys.Order());
        table = await table.NewTransaction().ReplaceAll([])
            .UpdateProperties(new Dictionary<string, string> { ["write.metadata.metrics.max-inferred-column-defaults"] = "103" })
            .CommitAsync(Cancellation);
        Assert.Equal(
            103, (await FileAsync(
                await AppendAsync(table, [.. Enumerable.Range(1, 103).Select(i => (object?)(long)i)]))).LowerBounds!.Count);
    }

    [Fact]
    public async Task Metadata_files_are_compressed_where_the_catalog_gives_them_names()
    {
        var catalog = new SqliteCatalog(
            _folder.File("catalog.db"), _folder.File("w"))
        { DataFileReader = new ParquetDataFileReader() };
        var properties = new Dictionary<string, string> { ["write.metadata.compression-codec"] = "gzip" };
        var table = await AppendAsync(
            await catalog.CreateTableAsync(new("ns", "t"), Items, properties: properties, cancellationToken: Cancellation), [1L, "a", 1.0]);
        Assert.EndsWith(".gz.metadata.json", table.MetadataLocation, StringComparison.Ordinal);
        Assert.Equal(
            [0x1F, 0x8B], (await File.ReadAllBytesAsync(Dlt.Iceberg.LocalFileIO.PathOf(table.MetadataLocation), Cancellation))[..2]);
        Assert.Equal(
            [new("1", "a", "1.0")],
            await TableScanRows.ReadAsync((await catalog.LoadTableAsync(new("ns", "t"), Cancellation)).Scan()));
    }

    [Fact]
    public async Task Metadata_files_of_a_folder_are_compressed_after_the_commit_that_asks_for_it()
    {
        var table = await AppendAsync(await CreateAsync(("write.metadata.compression-codec", "gzip")), [1L, "a", 1.0]);
        Assert.EndsWith("/v2.gz.metadata.json", table.MetadataLocation, StringComparison.Ordinal);
        var plain = new Dictionary<string, string> { ["write.metadata.compression-codec"] = "none" };
        table = await table.NewTransaction().UpdateProperties(plain).CommitAsync(Cancellation);
        Assert.EndsWith("/v3.gz.metadata.json", table.MetadataLocation, StringComparison.Ordinal);
        table = await AppendAsync(table, [2L, "b", 1.0]);
        Assert.EndsWith("/v4.metadata.json", table.MetadataLocation, StringComparison.Ordinal);
        var loaded = await Catalog().LoadTableAsync(table.Identifier!, Cancellation);
        Assert.Equal([new("1", "a", "1.0"), new("2", "b", "1.0")], await TableScanRows.ReadAsync(loaded.Scan()));
        Assert.Empty(_warnings);
    }

    [Fact]
    public async Task Of_two_writers_only_one_of_which_compresses_both_commit()
    {
        var first = await AppendAsync(await CreateAsync(), [1L, "a", 1.0]);
        var second = await Catalog().LoadTableAsync(first.Identifier!, Cancellation);
        var gzip = new Dictionary<string, string> { ["write.metadata.compression-codec"] = "gzip" };
        await first.NewTransaction().UpdateProperties(gzip).CommitAsync(Cancellation);
        await AppendAsync(second, [2L, "b", 1.0]);
        var loaded = await Catalog().LoadTableAsync(first.Identifier!, Cancellation);
        Assert.Equal("gzip", loaded.Metadata.Properties["write.metadata.compression-codec"]);
        Assert.Equal([new("1", "a", "1.0"), new("2", "b", "1.0")], await TableScanRows.ReadAsync(loaded.Scan()));
    }

    [Theory, InlineData("v2.gz.metadata.json"), InlineData("v2.metadata.json.gz")]
    public async Task A_folder_with_compressed_metadata_of_another_engine_is_read_and_continued(string name)
    {
        var table = await AppendAsync(await CreateAsync(), [1L, "a", 1.0]);
        var path = Dlt.Iceberg.LocalFileIO.PathOf(table.MetadataLocation);
        await using (var target = new System.IO.Compression.GZipStream(
            File.Create(Path.Combine(Path.GetDirectoryName(path)!, name)), System.IO.Compression.CompressionLevel.Fastest))
            await target.WriteAsync(await File.ReadAllBytesAsync(path, Cancellation), Cancellation);
        File.Delete(path);
        table = await AppendAsync(await Catalog().LoadTableAsync(table.Identifier!, Cancellation), [2L, "b", 1.0]);
        Assert.EndsWith("/v3.metadata.json", table.MetadataLocation, StringComparison.Ordinal);
        Assert.Equal([new("1", "a", "1.0"), new("2", "b", "1.0")], await TableScanRows.ReadAsync(table.Scan()));
    }

    [Theory]
    [InlineData("a", "0101/0110/1001/10110010")]
    [InlineData("dt=2026-01-31/00000-x-00001.parquet", "1111/1101/0110/10010001")]
    public void The_folders_of_a_hash_are_those_of_java(string name, string folders) =>
        Assert.Equal(folders, DataLocations.FoldersOf(name));

    [Fact]
    public async Task Data_files_are_in_hash_folders_where_the_table_asks_for_it()
    {
        var file = await FileAsync(await AppendAsync(await CreateAsync(("write.object-storage.enabled", "true")), [1L, "a", 1.0]));
        Assert.Matches("/data/[01]{4}/[01]{4}/[01]{4}/[01]{8}/[^/]+\\.parquet$", file.FilePath);
        file = await FileAsync(
            await AppendAsync(await CreateAsync(("write.object-storage.enabled", "true"),
                ("write.object-storage.partitioned-paths", "false")), [1L, "a", 1.0]));
        Assert.Matches("/data/[01]{4}/[01]{4}/[01]{4}/[01]{8}-[^/]+\\.parquet$", file.FilePath);
    }

    [Theory]
    [InlineData("true", "pool", null, "other", "pool/[01]{4}/[01]{4}/[01]{4}/[01]{8}/ns/t0/[^/]+$")]
    [InlineData("true", null, "objects", "folders", "objects/[01]{4}/[01]{4}/[01]{4}/[01]{8}/ns/t0/[^/]+$")]
    [InlineData("false", null, "objects", "folders", "folders/[^/]+$")]
    [InlineData("true", null, null, "folders", "folders/[01]{4}/[01]{4}/[01]{4}/[01]{8}/ns/t0/[^/]+$")]
    public async Task Data_files_are_in_the_folder_that_the_newest_of_three_properties_names(
        string isHashed, string? data, string? objects, string? folders, string form)
    {
        var named = new[]
        {
            ("write.data.path", data), ("write.object-storage.path", objects), ("write.folder-storage.path", folders),
        };
        var set = named.Where(p => p.Item2 is not null).Select(p => (p.Item1, $"file://{_folder.File(p.Item2!)}"));
        var table = await CreateAsync([("write.object-storage.enabled", isHashed), .. set]);
        var file = await FileAsync(await AppendAsync(table, [1L, "a", 1.0]));
        Assert.Matches($"^file://{_folder.Path}/{form}", file.FilePath);
        Assert.Empty(_warnings);
    }

    [Fact]
    public async Task One_warning_names_the_properties_that_are_not_obeyed()
    {
        var table = await CreateAsync(("write.format.default", "orc"), ("write.metadata.compression-codec", "lz4"),
            ("owner", "me"), ("write.parquet.bloom-filter-enabled.column.nobody", "true"));
        var warning = Assert.Single(_warnings);
        Assert.Contains("write.format.default = orc", warning, StringComparison.Ordinal);
        Assert.Contains("write.metadata.compression-codec = lz4", warning, StringComparison.Ordinal);
        Assert.Contains("bloom-filter", warning, StringComparison.Ordinal);
        Assert.DoesNotContain("owner", warning, StringComparison.Ordinal);
        await AppendAsync(table, [1L, "a", 1.0]);
        Assert.Single(_warnings);
        await table.NewTransaction().UpdateProperties(new Dictionary<string, string> { ["write.wap.enabled"] = "true" })
            .CommitAsync(Cancellation);
        Assert.Equal(2, _warnings.Count);
    }

    [Fact]
    public async Task An_invalid_mode_of_changes_and_a_reserved_name_are_refused()
    {
        var table = await AppendAsync(await CreateAsync(("write.delete.mode", "sometimes")), [1L, "a", 1.0]);
        await Assert.ThrowsAsync<IcebergException>(() => table.NewTransaction().DeleteAsync(Filter.True, cancellationToken: Cancellation));
        var error = await Assert.ThrowsAsync<IcebergException>(
            () => table.NewTransaction().UpdateProperties(new Dictionary<string, string> { ["uuid"] = "x" }).CommitAsync(Cancellation));
        Assert.Contains("'uuid'", error.Message, StringComparison.Ordinal);
        error = await Assert.ThrowsAsync<IcebergException>(() => CreateAsync(("format-version", "4")));
        Assert.Equal(IcebergError.Unsupported, error.Error);
    }

    private FolderCatalog Catalog() => new(_folder.Path) { DataFileReader = new ParquetDataFileReader(), Warn = _warnings.Add };

    private int _tables;

    private Task<Table> CreateAsync(params (string Name, string Value)[] properties) =>
        Catalog().CreateTableAsync(new("ns", $"t{_tables++}"), Items, properties: properties.ToDictionary(p => p.Name, p => p.Value),
            cancellationToken: Cancellation);

    private static async Task<DataFile> FileAsync(Table table) =>
        (await table.Scan().PlanFilesAsync(Cancellation).FirstAsync(Cancellation)).File;

    private static async Task<Table> AppendAsync(Table table, params object?[][] rows)
    {
        await using var writer = new DataFileWriter(table);
        foreach (var row in rows) await writer.AddAsync(row, Cancellation);
        return await table.NewTransaction().Append(await writer.CompleteAsync(Cancellation)).CommitAsync(Cancellation);
    }
}
