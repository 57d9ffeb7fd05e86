using Dlt.Iceberg;
using Dlt.Parquet.Reading;
using Dlt.Tests.Support;

namespace Dlt.Tests.Iceberg.Writing;

/// <summary>Rows become data files of the right form, size and number.</summary>
public sealed class DataFileWriterTests : IDisposable
{
    private static readonly NestedField Id = new(1, "id", new PrimitiveType(PrimitiveKind.Long));
    private static readonly NestedField Text = new(2, "text", new PrimitiveType(PrimitiveKind.String));
    private static readonly NestedField Nested = new(3, "nested", new StructType([new(4, "f", new PrimitiveType(PrimitiveKind.Float))]));

    private readonly TempFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(null, "ZSTD")]
    [InlineData("zstd", "ZSTD")]
    [InlineData("SNAPPY", "SNAPPY")]
    [InlineData("gzip", "GZIP")]
    [InlineData("lz4", "LZ4_RAW")]
    [InlineData("lz4_raw", "LZ4_RAW")]
    [InlineData("brotli", "BROTLI")]
    [InlineData("uncompressed", "UNCOMPRESSED")]
    public async Task The_codec_is_that_of_the_table(string? codec, string written)
    {
        foreach (var fields in new NestedField[][] { [Id, Text], [Id, Text, Nested] })
        {
            var files = await WriteAsync(fields, codec is null ? [] : new() { ["write.parquet.compression-codec"] = codec },
                [1L, "some text", new object?[] { 0.5f }]);
            Assert.Equal([written], Duck.Values($"SELECT DISTINCT compression FROM parquet_metadata('{Assert.Single(files)}')"));
            Assert.Equal(["some text"], Duck.Values($"SELECT text FROM '{Assert.Single(files)}'"));
        }
    }

    [Fact]
    public async Task A_codec_that_is_not_written_is_an_error_before_anything_is()
    {
        var error = await Assert.ThrowsAsync<IcebergException>(
            () => WriteAsync([Id], new() { ["write.parquet.compression-codec"] = "lzo" }, [1L]));
        Assert.Equal(IcebergError.Unsupported, error.Error);
        Assert.Contains("'lzo'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Row_groups_and_files_end_at_the_sizes_of_the_table()
    {
        object?[][] rows = [.. Enumerable.Range(0, 400)
            .Select(i => new object?[] { (long)i, new string((char)('a' + i % 26), 10_000) + i })];
        var files = await WriteAsync([Id, Text],
            new()
            {
                ["write.parquet.row-group-size-bytes"] = "500000",
                ["write.target-file-size-bytes"] = "1000000",
                ["write.parquet.compression-codec"] = "uncompressed",
            }, rows);
        Assert.InRange(files.Count, 4, 6);
        Assert.All(files, f => Assert.InRange(new FileInfo(f["file://".Length..]).Length, 1, 1_300_000));
        Assert.True(int.Parse(Duck.Values($"SELECT count(DISTINCT row_group_id) FROM parquet_metadata('{files[0]}')")[0]) >= 2);
    }

    [Fact]
    public async Task Hundreds_of_partitions_with_large_rows_keep_all_rows()
    {
        var catalog = new FolderCatalog(_folder.File("w")) { DataFileReader = new ParquetDataFileReader() };
        var table = await catalog.CreateTableAsync(new("db", "t"), new Schema([Id, Text]),
            new PartitionSpec(0, [new(1, 1000, "part", Transform.Bucket(150))]), cancellationToken: Cancellation);
        await using var writer = new DataFileWriter(table);
        // 300 MB, more than the limit of buffered rows
        for (var i = 0; i < 3000; i++) await writer.AddAsync([(long)i, new string('x', 100_000)], Cancellation);
        table = await table.NewTransaction().Append(await writer.CompleteAsync(Cancellation)).CommitAsync(Cancellation);
        var ids = new List<long>();
        await foreach (var row in table.Scan().Select("id").ReadRowsAsync(Cancellation)) ids.Add((long)row[0]!);
        Assert.Equal(Enumerable.Range(0, 3000).Select(i => (long)i), ids.Order());
    }

    [Fact]
    public async Task A_row_group_without_statistics_leaves_the_file_without_bounds_and_filters_find_its_rows()
    {
        foreach (var fields in new NestedField[][] { [Id, Text], [Id, Text, Nested] })
        {
            var catalog = new FolderCatalog(_folder.File($"w{fields.Length}")) { DataFileReader = new ParquetDataFileReader() };
            var table = await catalog.CreateTableAsync(new("db", "t"), new Schema([.. fields]),
                properties: new Dictionary<string, string> { ["write.parquet.row-group-size-bytes"] = "1" },
                cancellationToken: Cancellation);
            await using var writer = new DataFileWriter(table);
            foreach (var text in new[] { "a", new string('z', 10_000), null, "b", new string('y', 6_000) })
                await writer.AddAsync(new object?[] { 1L, text, null }[..fields.Length], Cancellation);
            table = await table.NewTransaction().Append(await writer.CompleteAsync(Cancellation)).CommitAsync(Cancellation);
            Assert.Equal(2, await table.Scan().Where(Filter.Greater("text", "m")).ReadRowsAsync(Cancellation).CountAsync(Cancellation));
            Assert.Equal(2, await table.Scan().Where(Filter.Less("text", "c")).ReadRowsAsync(Cancellation).CountAsync(Cancellation));
            Assert.Equal(1, await table.Scan().Where(Filter.IsNull("text")).ReadRowsAsync(Cancellation).CountAsync(Cancellation));
        }
    }

    [Fact]
    public async Task Nested_values_are_checked_and_converted_as_columns_are()
    {
        var schema = new Schema(
        [
            new(1, "s", new StructType([new(4, "f", new PrimitiveType(PrimitiveKind.Float), IsRequired: true),
                new(5, "at", new PrimitiveType(PrimitiveKind.TimestampTz))])),
            new(2, "l", new ListType(6, new PrimitiveType(PrimitiveKind.Long), IsElementRequired: true)),
            new(3, "m", new MapType(7, new PrimitiveType(PrimitiveKind.String), 8, PrimitiveType.Decimal(9, 2), IsValueRequired: false)),
        ]);
        var catalog = new FolderCatalog(_folder.File("w")) { DataFileReader = new ParquetDataFileReader() };
        var table = await catalog.CreateTableAsync(new("db", "t"), schema, cancellationToken: Cancellation);
        await using var writer = new DataFileWriter(table);
        Task AddAsync(object? structure, object? list, object? map) => writer.AddAsync([structure, list, map], Cancellation);
        await AddAsync(null, null, null);
        await AddAsync(new object?[] { 0.5f, DateTimeOffset.UnixEpoch }, new List<object?> { 1, 2L },
            new List<KeyValuePair<object?, object?>> { new("a", 1.5m), new("b", null) });
        await AddAsync(null, new[] { 3, 4 }, new Dictionary<string, decimal> { ["c"] = 2m });
        foreach (var (wrong, name) in new (Func<Task>, string)[]
                 {
                     (() => AddAsync(new object?[] { null, null }, null, null), "'s.f'"),
                     (() => AddAsync(new object?[] { 1f }, null, null), "'s'"),
                     (() => AddAsync(null, new List<object?> { null }, null), "'l.element'"),
                     (() => AddAsync(null, "text", null), "'l'"),
                     (() => AddAsync(null, null, new List<KeyValuePair<object?, object?>> { new(null, 1m) }), "'m.key'"),
                     (() => AddAsync(null, null, 5), "'m'"),
                     (() => AddAsync(null, new List<object?> { "text" }, null), "'l.element'"),
                 })
            Assert.Contains(name, (await Assert.ThrowsAsync<ArgumentException>(wrong)).Message, StringComparison.Ordinal);
        table = await table.NewTransaction().Append(await writer.CompleteAsync(Cancellation)).CommitAsync(Cancellation);
        var rows = await table.Scan().ReadRowsAsync(Cancellation).ToListAsync(Cancellation);
        Assert.Equal([null, null, null], rows[0]);
        Assert.Equal([0.5f, 0L], Assert.IsType<object[]>(rows[1][0]));
        Assert.Equal([1L, 2L], Assert.IsType<List<object?>>(rows[1][1]));
        Assert.Equal(["a", "b"], Assert.IsType<List<KeyValuePair<object?, object?>>>(rows[1][2]).Select(p => p.Key));
        Assert.Equal([3L, 4L], Assert.IsType<List<object?>>(rows[2][1]));
        Assert.Equal([new("c", (Int128)200)], Assert.IsType<List<KeyValuePair<object?, object?>>>(rows[2][2]));
    }

    [Fact]
    public async Task An_array_may_be_used_again_for_the_next_row()
    {
        foreach (var fields in new NestedField[][] { [Id, Text], [Id, Text, Nested] })
        {
            var catalog = new FolderCatalog(_folder.File($"w{fields.Length}")) { DataFileReader = new ParquetDataFileReader() };
            var table = await catalog.CreateTableAsync(new("db", "t"), new Schema([.. fields]), cancellationToken: Cancellation);
            await using var writer = new DataFileWriter(table);
            var row = new object?[fields.Length];
            for (var i = 0; i < 3; i++)
            {
                (row[0], row[1]) = ((long)i, $"t{i}");
                await writer.AddAsync(row, Cancellation);
            }

            table = await table.NewTransaction().Append(await writer.CompleteAsync(Cancellation)).CommitAsync(Cancellation);
            Assert.Equal(
                [new("0", "t0"), new("1", "t1"), new("2", "t2")],
                await TableScanRows.ReadAsync(table.Scan().Select("id", "text")));
        }
    }

    private async Task<List<string>> WriteAsync(NestedField[] fields, Dictionary<string, string> properties, params object?[][] rows)
    {
        var catalog = new FolderCatalog(_folder.File(Guid.NewGuid().ToString("N"))) { DataFileReader = new ParquetDataFileReader() };
        var table = await catalog.CreateTableAsync(new("db", "t"), new Schema([.. fields]), properties: properties,
            cancellationToken: Cancellation);
        await using var writer = new DataFileWriter(table);
        foreach (var row in rows) await writer.AddAsync(row[..fields.Length], Cancellation);
        table = await table.NewTransaction().Append(await writer.CompleteAsync(Cancellation)).CommitAsync(Cancellation);
        var files = new List<string>();
        var count = 0L;
        await foreach (var task in table.Scan().PlanFilesAsync(Cancellation))
        {
            files.Add(task.File.FilePath);
            count += task.File.RecordCount;
        }

        Assert.Equal(rows.Length, count);
        return files;
    }
}
