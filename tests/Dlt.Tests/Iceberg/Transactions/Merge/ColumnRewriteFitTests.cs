using Dlt.Iceberg;
using Dlt.Parquet.Reading;
using Dlt.Tests.Support;

namespace Dlt.Tests.Iceberg.Transactions.Merge;

/// <summary>Which files are written again column by column, and which rows a merge leaves alone.</summary>
public sealed class ColumnRewriteFitTests : IDisposable
{
    private const int Id = 1;
    private const int Name = 2;

    private static readonly Schema Columns =
        new([new(Id, "id", new PrimitiveType(PrimitiveKind.Long)), new(Name, "name", new PrimitiveType(PrimitiveKind.String))]);

    private readonly TempFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("plain", Name, true)]
    [InlineData("another spec", null, false)]
    [InlineData("same spec", null, true)]
    [InlineData("same spec", Id, true)]
    [InlineData("same spec", Name, false)]
    [InlineData("another order", null, false)]
    [InlineData("same order", null, true)]
    [InlineData("same order", Id, true)]
    [InlineData("same order", Name, false)]
    public async Task A_file_is_written_by_columns_unless_its_rows_would_move(string kind, int? set, bool fits)
    {
        var table = await TableAsync(kind);
        var task = (await table.Scan().PlanFilesAsync(Cancellation).ToListAsync(Cancellation)).Single();
        var rows = task.File.RecordCount;
        var values = new Dictionary<int, object?>();
        if (set is { } column) values[column] = column == Id ? 7L : "x";
        var source = new RewriteSource(task, RowPositions.All(rows), set is null ? null : RowPositions.All(rows), values);
        await using var rewrite = new ColumnRewrite(table);
        Assert.Equal(fits, await rewrite.TryAddAsync(source, Cancellation));
        Assert.Equal(fits ? rows : 0, (await rewrite.CompleteAsync(Cancellation)).Sum(f => f.RecordCount));
    }

    [Theory, InlineData(false, 5), InlineData(true, 2)]
    public async Task The_files_of_a_skipped_snapshot_are_left_as_they_are(bool isSkipped, int removed)
    {
        var table = await AppendAsync(await CreateAsync(), 2);
        table = await AppendAsync(table, 3);
        var request = new MergeRequest
        {
            Removed = FilterCondition.Of(Filter.Parse("id >= 0"), Columns),
            Skipped = isSkipped ? table.Metadata.CurrentSnapshot!.SnapshotId : null,
        };
        Assert.Equal(removed, (await new TableMerge(table).PlanAsync(request, Cancellation)).Removed);
    }

    private async Task<Table> TableAsync(string kind)
    {
        var byName = new SortOrder(1, [new(Name, Transform.Identity)]);
        switch (kind)
        {
            case "another spec":
                return await (await AppendAsync(await CreateAsync(), 1)).NewTransaction()
                    .UpdateSpec(s => s.AddField("name", Transform.Identity)).CommitAsync(Cancellation);
            case "same spec":
                return await AppendAsync(await CreateAsync(spec: new(0, [new(Name, 1000, "name", Transform.Identity)])), 1);
            case "another order":
                return await (await AppendAsync(await CreateAsync(order: byName), 1)).NewTransaction()
                    .ReplaceSortOrder(new SortField(Id, Transform.Identity)).CommitAsync(Cancellation);
            case "same order":
                return await AppendAsync(await CreateAsync(order: byName), 1);
            default:
                return await AppendAsync(await CreateAsync(), 1);
        }
    }

    private Task<Table> CreateAsync(PartitionSpec? spec = null, SortOrder? order = null) =>
        new FolderCatalog(_folder.Path) { DataFileReader = new ParquetDataFileReader() }
            .CreateTableAsync(new("db", "t"), Columns, spec, order, cancellationToken: Cancellation);

    private static async Task<Table> AppendAsync(Table table, int rows)
    {
        await using var writer = new DataFileWriter(table);
        for (var row = 0; row < rows; row++) await writer.AddAsync([(long)row, "a"], Cancellation);
        return await table.NewTransaction().Append(await writer.CompleteAsync(Cancellation)).CommitAsync(Cancellation);
    }
}
