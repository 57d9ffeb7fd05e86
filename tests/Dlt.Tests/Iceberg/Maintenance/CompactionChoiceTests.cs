using Dlt.Iceberg;
using Dlt.Parquet.Reading;
using Dlt.Tests.Support;

namespace Dlt.Tests.Iceberg.Maintenance;

/// <summary>Which files a compaction rewrites, and what becomes of the delete files that concern them.</summary>
public sealed class CompactionChoiceTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Deletes_that_several_files_share_go_with_the_last_of_them()
    {
        var table = await TableAsync();
        for (var file = 0; file < 2; file++) table = await AppendAsync(table, file, 10 + file);
        var files = await FilesAsync(table);
        table = await DeleteAsync(table, $"SELECT '{files[0].FilePath}' AS file_path, 0::BIGINT AS pos UNION ALL "
            + $"SELECT '{files[1].FilePath}', 0");
        var one = await ChooseAsync(table, new() { Stays = e => e.File.FilePath == files[0].FilePath });
        Assert.Equal((1, 0, 1), (one.Groups.Sum(g => g.Count), one.ObsoleteDeletes.Count, one.Stayed));
        table = await RewriteAsync(table, one);
        Assert.Equal(("10,11", "1"), (await ValuesAsync(table), table.Metadata.CurrentSnapshot!.Summary["total-delete-files"]));
        var rest = await ChooseAsync(table, new());
        Assert.Single(rest.ObsoleteDeletes);
        table = await RewriteAsync(table, rest);
        Assert.Equal(("10,11", "0"), (await ValuesAsync(table), table.Metadata.CurrentSnapshot!.Summary["total-delete-files"]));
    }

    [Fact]
    public async Task An_equality_delete_of_the_earlier_spec_is_a_conflict_and_the_new_files_go()
    {
        var table = await TableAsync(new(0, [new(1, 1000, "v", Transform.Identity)]));
        table = await AppendAsync(table, 1, 1);
        var before = await table.NewTransaction().UpdateSpec(s => s.RemoveField("v")).CommitAsync(Cancellation);
        var choice = await ChooseAsync(before, new() { RewriteAll = true });
        var path = _folder.File("deletes.parquet");
        await Task.Run(() => Duck.Execute($"COPY (SELECT 1::BIGINT AS v) TO '{path}' (FORMAT parquet, FIELD_IDS {{v: 1}})"), Cancellation);
        var deletes = new DataFile
        {
            Content = FileContent.EqualityDeletes,
            FilePath = path,
            RecordCount = 1,
            FileSizeInBytes = new FileInfo(path).Length,
            EqualityIds = [1],
            SpecId = table.Metadata.DefaultSpecId,
            Partition = [1L],
        };
        var after = await before.NewTransaction().Add(new OverwriteAction { AddedDeletes = [deletes] }).CommitAsync(Cancellation);
        Assert.Equal("", await ValuesAsync(after));
        var conflict = await Assert.ThrowsAsync<IcebergException>(() => RewriteAsync(before, choice));
        Assert.Equal(IcebergError.Conflict, conflict.Error);
        Assert.Equal("", await ValuesAsync(await after.ReloadAsync(Cancellation)));
        Assert.Single(Directory.EnumerateFiles(_folder.File("w"), "*.parquet", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task A_repeated_compaction_leaves_a_large_file_and_one_with_few_deletes()
    {
        var table = await AppendAsync(await TableAsync(), [.. Enumerable.Range(0, 5000).Select(i => (long)i)]);
        var large = Assert.Single(await FilesAsync(table)).FilePath;
        table = await (await table.NewTransaction().DeleteAsync(Filter.Equal("v", 7L), RowChangeMode.MergeOnRead, Cancellation))
            .CommitAsync(Cancellation);
        for (var i = 0; i < 5; i++) table = await AppendAsync(table, 10_000 + i);
        Assert.Equal(6, (await ChooseAsync(table, new())).Groups.Single().Count);
        var repeated = Assert.Single((await ChooseAsync(table, new() { IsRepeated = true })).Groups);
        Assert.Equal(5, repeated.Count);
        Assert.DoesNotContain(repeated, t => t.File.FilePath == large);
        table = await (await table.NewTransaction().DeleteAsync(Filter.Parse("v < 2000"), RowChangeMode.MergeOnRead, Cancellation))
            .CommitAsync(Cancellation);
        Assert.Contains((await ChooseAsync(table, new() { IsRepeated = true })).Groups.Single(), t => t.File.FilePath == large);
    }

    [Fact]
    public async Task Partitions_are_committed_in_batches_of_a_size()
    {
        var table = await TableAsync(new(0, [new(1, 1000, "v", Transform.Identity)]));
        for (var round = 0; round < 5; round++) table = await AppendAsync(table, 1, 2, 3);
        var choice = await ChooseAsync(table, new());
        Assert.Equal(3, choice.Groups.Count);
        Assert.Single(choice.Batches(long.MaxValue));
        Assert.Equal([5, 5, 5], choice.Batches(1).Select(b => b.Tasks.Count));
        var planned = new Compaction(table);
        foreach (var batch in choice.Batches(1))
            table = await planned.RewriteAsync(table.NewTransaction(), batch, SortOrder.Unsorted, Cancellation);
        Assert.Equal("1,1,1,1,1,2,2,2,2,2,3,3,3,3,3", await ValuesAsync(table));
        Assert.Equal(3, (await FilesAsync(table)).Count);
    }

    private static Task<CompactionChoice> ChooseAsync(Table table, CompactionRules rules) =>
        new Compaction(table).ChooseAsync(rules, Cancellation);

    private static Task<Table> RewriteAsync(Table table, CompactionChoice choice) => new Compaction(table).RewriteAsync(
        table.NewTransaction(), choice.Batches(long.MaxValue).Single(), SortOrder.Unsorted, Cancellation);

    private static async Task<List<DataFile>> FilesAsync(Table table) =>
        await table.Scan().PlanFilesAsync(Cancellation).Select(t => t.File).ToListAsync(Cancellation);

    private static async Task<string> ValuesAsync(Table table) =>
        string.Join(',', (await table.Scan().ReadRowsAsync(Cancellation).ToListAsync(Cancellation)).Select(r => (long)r[0]!).Order());

    private static async Task<Table> AppendAsync(Table table, params long[] values)
    {
        await using var writer = new DataFileWriter(table);
        foreach (var value in values) await writer.AddAsync([value], Cancellation);
        return await table.NewTransaction().Append(await writer.CompleteAsync(Cancellation)).CommitAsync(Cancellation);
    }

    /// <summary>Deletes rows by their positions in several files, in one delete file.</summary>
    private async Task<Table> DeleteAsync(Table table, string rows)
    {
        var path = _folder.File("positions.parquet");
        await Task.Run(
            () => Duck.Execute($"COPY ({rows}) TO '{path}' (FORMAT parquet, FIELD_IDS {{file_path: 2147483546, pos: 2147483545}})"),
            Cancellation);
        var deletes = new DataFile
        {
            Content = FileContent.PositionDeletes,
            FilePath = path,
            RecordCount = 2,
            FileSizeInBytes = new FileInfo(path).Length,
        };
        return await table.NewTransaction().Add(new OverwriteAction { AddedDeletes = [deletes] }).CommitAsync(Cancellation);
    }

    private Task<Table> TableAsync(PartitionSpec? spec = null) =>
        new FolderCatalog(_folder.File("w")) { DataFileReader = new ParquetDataFileReader() }.CreateTableAsync(
            new("db", "t"), new([new(1, "v", new PrimitiveType(PrimitiveKind.Long))]), spec, cancellationToken: Cancellation);
}
