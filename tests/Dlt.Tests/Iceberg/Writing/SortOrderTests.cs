using Dlt.Iceberg;
using Dlt.Parquet.Reading;
using Dlt.Tests.Support;

namespace Dlt.Tests.Iceberg.Writing;

/// <summary>Rows within files follow the table's sort order, and manifests record it.</summary>
public sealed class SortOrderTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static Schema Items { get; } = new(
    [
        new(1, "id", new PrimitiveType(PrimitiveKind.Long)), new(2, "name", new PrimitiveType(PrimitiveKind.String)),
        new(3, "at", new PrimitiveType(PrimitiveKind.Double)),
    ]);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Rows_of_a_file_are_in_the_order_of_the_table_and_the_manifest_says_which()
    {
        var table = await CreateAsync(new SortField(2, Transform.Truncate(1), IsDescending: true, NullsFirst: false),
            new SortField(1, Transform.Identity));
        table = await AppendAsync(table, [5L, "apple", null], [4L, "bee", null], [3L, null, null],
            [2L, "ant", null], [1L, "bat", null], [null, "cow", null]);
        Assert.Equal(["", "1", "4", "2", "5", "3"], await IdsAsync(table));
        Assert.Equal(table.Metadata.DefaultSortOrderId, (await FileAsync(table)).SortOrderId);
        Assert.NotEqual(0, table.Metadata.DefaultSortOrderId);
    }

    [Fact]
    public async Task Fields_of_structs_and_nan_have_their_place_in_the_order()
    {
        var schema = new Schema([new(1, "id", new PrimitiveType(PrimitiveKind.Long)),
            new(2, "s", new StructType([new(3, "x", new PrimitiveType(PrimitiveKind.Double))]))]);
        var table = await Catalog().CreateTableAsync(new("ns", "t"), schema, sortOrder: new SortOrder(1, [new(3, Transform.Identity)]),
            cancellationToken: Cancellation);
        table = await AppendAsync(table, [1L, new object?[] { double.NaN }], [2L, new object?[] { 2.5 }],
            [3L, null], [4L, new object?[] { double.NegativeInfinity }]);
        Assert.Equal(["3", "4", "2", "1"], await IdsAsync(table));
    }

    [Fact]
    public async Task Every_file_is_sorted_when_the_rows_fill_several()
    {
        var table = await CreateAsync(new SortField(1, Transform.Identity));
        table = await table.NewTransaction().UpdateProperties(new Dictionary<string, string> { ["write.target-file-size-bytes"] = "4000" })
            .CommitAsync(Cancellation);
        var random = new Random(1);
        table = await AppendAsync(table, [.. Enumerable.Range(0, 200).Select(_ => new object?[] { random.NextInt64(1000), "name", 0.5 })]);
        var files = 0;
        var rows = 0;
        await foreach (var task in table.Scan().PlanFilesAsync(Cancellation))
        {
            var ids = new List<long>();
            await foreach (var batch in new TaskReader(table.Files, table.Metadata, new ParquetDataFileReader())
                .ReadAsync(task, table.Metadata.CurrentSchema, Filter.True, Cancellation))
                ids.AddRange(batch.Select(r => (long)r.Row[0]!));
            Assert.Equal(ids.Order(), ids);
            files++;
            rows += ids.Count;
        }

        Assert.InRange(files, 2, 100);
        Assert.Equal(200, rows);
    }

    [Fact]
    public async Task Compaction_sorts_by_the_table_or_by_an_argument_and_records_the_order()
    {
        var table = await Catalog().CreateTableAsync(new("ns", "t"), Items, cancellationToken: Cancellation);
        table = await AppendAsync(table, [3L, "a", null], [1L, "c", null]);
        Assert.Equal(0, (await FileAsync(table)).SortOrderId);
        table = await AppendAsync(table, [2L, "b", null]);
        table = await table.NewTransaction().ReplaceSortOrder(new SortField(1, Transform.Identity)).CommitAsync(Cancellation);

        table = await table.CompactAsync(minInputFiles: 2, cancellationToken: Cancellation);
        Assert.Equal(["1", "2", "3"], await IdsAsync(table));
        Assert.Equal(table.Metadata.DefaultSortOrderId, (await FileAsync(table)).SortOrderId);

        table = await table.CompactAsync(sortBy: ["name"], rewriteAll: true, cancellationToken: Cancellation);
        Assert.Equal(["3", "2", "1"], await IdsAsync(table));
        Assert.Equal(0, (await FileAsync(table)).SortOrderId);
    }

    [Fact]
    public async Task An_array_that_is_reused_for_every_row_is_safe()
    {
        var table = await CreateAsync(new SortField(1, Transform.Identity, IsDescending: true));
        await using var writer = new DataFileWriter(table);
        var row = new object?[3];
        for (var i = 0L; i < 3; i++)
        {
            row[0] = i;
            await writer.AddAsync(row, Cancellation);
        }

        table = await table.NewTransaction().Append(await writer.CompleteAsync(Cancellation)).CommitAsync(Cancellation);
        Assert.Equal(["2", "1", "0"], await IdsAsync(table));
    }

    [Fact]
    public async Task A_table_is_not_sorted_by_elements_of_a_list()
    {
        var schema = new Schema([new(1, "l", new ListType(2, new PrimitiveType(PrimitiveKind.Long)))]);
        await Assert.ThrowsAsync<IcebergException>(() => Catalog()
            .CreateTableAsync(new("ns", "t"), schema, sortOrder: new SortOrder(1, [new(2, Transform.Identity)]),
                cancellationToken: Cancellation));
        var table = await Catalog().CreateTableAsync(new("ns", "t"), schema, cancellationToken: Cancellation);
        await Assert.ThrowsAsync<IcebergException>(
            () => table.NewTransaction().ReplaceSortOrder(new SortField(2, Transform.Identity)).CommitAsync(Cancellation));
    }

    private FolderCatalog Catalog() => new(_folder.Path) { DataFileReader = new ParquetDataFileReader() };

    private Task<Table> CreateAsync(params SortField[] order) =>
        Catalog().CreateTableAsync(new("ns", "t"), Items, sortOrder: new SortOrder(1, [.. order]), cancellationToken: Cancellation);

    private static async Task<DataFile> FileAsync(Table table) =>
        (await table.Scan().PlanFilesAsync(Cancellation).FirstAsync(Cancellation)).File;

    /// <summary>Values of the first column in the order of the file.</summary>
    private static async Task<List<string>> IdsAsync(Table table)
    {
        var ids = new List<string>();
        await foreach (var row in table.Scan().ReadRowsAsync(Cancellation)) ids.Add($"{row[0]}");
        return ids;
    }

    private static async Task<Table> AppendAsync(Table table, params object?[][] rows)
    {
        await using var writer = new DataFileWriter(table);
        foreach (var row in rows) await writer.AddAsync(row, Cancellation);
        return await table.NewTransaction().Append(await writer.CompleteAsync(Cancellation)).CommitAsync(Cancellation);
    }
}
