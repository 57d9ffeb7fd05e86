using Dlt.Iceberg;
using Dlt.Parquet.Reading;
using Dlt.Tests.Support;

namespace Dlt.Tests.Iceberg.Transactions;

/// <summary>The result of several changes in one transaction, with other commits in between.</summary>
public sealed class TransactionTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static Schema Items { get; } = new(
        [new(1, "id", new PrimitiveType(PrimitiveKind.Long)), new(2, "p", new PrimitiveType(PrimitiveKind.String))]);

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(RowChangeMode.CopyOnWrite)]
    [InlineData(RowChangeMode.MergeOnRead)]
    public async Task A_later_change_of_a_transaction_still_conflicts_with_other_commits(RowChangeMode mode)
    {
        var table = await FillAsync();
        var transaction = await table.NewTransaction().DeleteAsync(Filter.Equal("id", 1), mode, Cancellation);
        await transaction.UpdateAsync(Filter.Equal("id", 2), r => [r[0], "mine"], mode, Cancellation);
        await (await table.NewTransaction().UpdateAsync(Filter.Equal("id", 2), r => [r[0], "theirs"], cancellationToken: Cancellation))
            .CommitAsync(Cancellation);
        var error = await Assert.ThrowsAsync<IcebergException>(() => transaction.CommitAsync(Cancellation));
        Assert.Equal(IcebergError.Conflict, error.Error);
        Assert.Equal([new("1", "a"), new("2", "theirs"), new("3", "b")], await RowsAsync());
    }

    [Fact]
    public async Task Rows_that_a_transaction_adds_do_not_conflict_with_its_later_changes()
    {
        var table = await FillAsync();
        var transaction = table.NewTransaction().Append(await FilesAsync(table, [7L, "a"]));
        await transaction.DeleteAsync(Filter.Equal("p", "a"), cancellationToken: Cancellation);
        await table.NewTransaction().UpdateProperties(new Dictionary<string, string> { ["owner"] = "others" }).CommitAsync(Cancellation);
        await transaction.CommitAsync(Cancellation);
        Assert.Equal([new("3", "b")], await RowsAsync());
    }

    [Fact]
    public async Task Rows_of_other_writers_that_match_a_later_change_are_a_conflict()
    {
        var table = await FillAsync();
        var transaction = table.NewTransaction().Append(await FilesAsync(table, [7L, "a"]));
        await transaction.DeleteAsync(Filter.Equal("p", "a"), cancellationToken: Cancellation);
        await table.NewTransaction().Append(await FilesAsync(table, [8L, "a"])).CommitAsync(Cancellation);
        Assert.Equal(
            IcebergError.Conflict, (await Assert.ThrowsAsync<IcebergException>(() => transaction.CommitAsync(Cancellation))).Error);
        Assert.Equal([new("1", "a"), new("2", "a"), new("3", "b"), new("8", "a")], await RowsAsync());
    }

    [Fact]
    public async Task A_new_column_and_rows_that_have_it_are_one_transaction()
    {
        var table = await FillAsync();
        var transaction = table.NewTransaction().UpdateSchema(s => s.AddColumn("q", new PrimitiveType(PrimitiveKind.Int)));
        await transaction.UpdateAsync(Filter.Equal("id", 1), r => [r[0], r[1], 5], cancellationToken: Cancellation);
        transaction.UpdateSchema(s => s.RenameColumn("q", "r"));
        await table.NewTransaction().UpdateProperties(new Dictionary<string, string> { ["owner"] = "others" }).CommitAsync(Cancellation);
        await transaction.CommitAsync(Cancellation);
        Assert.Equal([new("1", "a", "5"), new("2", "a", null), new("3", "b", null)], await RowsAsync());
    }

    [Fact]
    public async Task A_branch_is_made_and_written_in_one_transaction()
    {
        var table = await FillAsync();
        var transaction = table.NewTransaction("new").CreateBranch("new", table.Metadata.CurrentSnapshot!.SnapshotId);
        await transaction.DeleteAsync(Filter.Equal("p", "b"), cancellationToken: Cancellation);
        table = await transaction.CommitAsync(Cancellation);
        Assert.Equal([new("1", "a"), new("2", "a")], await TableScanRows.ReadAsync(table.Scan().UseRef("new")));
        Assert.Equal([new("1", "a"), new("2", "a"), new("3", "b")], await RowsAsync());
    }

    [Fact]
    public async Task Only_branches_can_be_written_to()
    {
        var table = await FillAsync();
        table = await table.NewTransaction().CreateTag("v1").CommitAsync(Cancellation);
        foreach (var name in new[] { "v1", "nowhere" })
        {
            var error = await Assert.ThrowsAsync<IcebergException>(
                () => table.NewTransaction(name).ReplaceAll([]).CommitAsync(Cancellation));
            Assert.Equal(IcebergError.Illegal, error.Error);
            Assert.Contains($"'{name}'", error.Message, StringComparison.Ordinal);
            Assert.Contains("CreateBranch", error.Message, StringComparison.Ordinal);
            await Assert.ThrowsAsync<IcebergException>(
                () => table.NewTransaction(name).DeleteAsync(Filter.True, cancellationToken: Cancellation));
        }

        await Assert.ThrowsAsync<IcebergException>(() => table.NewTransaction().FastForward("v1", "main").CommitAsync(Cancellation));
        Assert.Equal(table.MetadataLocation, (await LoadAsync()).MetadataLocation);
    }

    [Fact]
    public async Task A_branch_that_has_changes_of_its_own_is_replaced_but_not_forwarded()
    {
        var table = await FillAsync();
        var start = table.Metadata.CurrentSnapshot!.SnapshotId;
        table = await table.NewTransaction().CreateBranch("test").CommitAsync(Cancellation);
        table = await table.NewTransaction("test").Append(await FilesAsync(table, [4L, "t"])).CommitAsync(Cancellation);
        table = await table.NewTransaction().Append(await FilesAsync(table, [5L, "m"])).CommitAsync(Cancellation);
        var error = await Assert.ThrowsAsync<IcebergException>(
            () => table.NewTransaction().FastForward("test", "main").CommitAsync(Cancellation));
        Assert.Contains("ReplaceBranch", error.Message, StringComparison.Ordinal);
        table = await table.NewTransaction().ReplaceBranch("test", start).CommitAsync(Cancellation);
        table = await table.NewTransaction().FastForward("test", "main").CommitAsync(Cancellation);
        Assert.Equal(
            [new("1", "a"), new("2", "a"), new("3", "b"), new("5", "m")],
            await TableScanRows.ReadAsync(table.Scan().UseRef("test")));
    }

    [Fact]
    public async Task A_branch_keeps_the_snapshots_that_its_retention_says()
    {
        var table = await FillAsync();
        table = await table.NewTransaction().CreateBranch("kept").CreateBranch("short").CommitAsync(Cancellation);
        foreach (var branch in new[] { "kept", "short" })
            for (var i = 0; i < 3; i++)
                table = await table.NewTransaction(branch).Append(await FilesAsync(table, [(long)i, branch])).CommitAsync(Cancellation);
        table = await table.NewTransaction().SetRefRetention("kept", minSnapshotsToKeep: 3)
            .SetRefRetention("short", maxSnapshotAge: TimeSpan.FromMilliseconds(1)).CommitAsync(Cancellation);
        var (expired, _) = await table.ExpireSnapshotsAsync(TimeProvider.System.GetUtcNow().AddMinutes(1), cancellationToken: Cancellation);
        // three files, and the one of main
        Assert.Equal(4, expired.Metadata.AncestorsOf(expired.Metadata.Find(expired.Metadata.Refs["kept"].SnapshotId)).Count());
        Assert.Single(expired.Metadata.AncestorsOf(expired.Metadata.Find(expired.Metadata.Refs["short"].SnapshotId)));
        Assert.Throws<IcebergException>(() => table.NewTransaction().SetRefRetention("main", maxRefAge: TimeSpan.FromDays(1))
            .CommitAsync(Cancellation).GetAwaiter().GetResult());
    }

    [Fact]
    public async Task Nothing_of_a_transaction_that_fails_is_left_but_data_files()
    {
        var table = await FillAsync();
        var before = Metadata();
        var transaction = table.NewTransaction().Append(await FilesAsync(table, [7L, "x"]));
        await transaction.DeleteAsync(Filter.Equal("id", 7), cancellationToken: Cancellation);
        transaction.UpdateSchema(s => s.DropColumn("nope"));
        await Assert.ThrowsAsync<IcebergException>(() => transaction.CommitAsync(Cancellation));
        Assert.Equal(before, Metadata());
    }

    [Fact]
    public async Task A_transaction_leaves_no_file_that_its_table_does_not_name()
    {
        var table = await FillAsync();
        var transaction = table.NewTransaction().Append(await FilesAsync(table, [7L, "x"]));
        await transaction.DeleteAsync(Filter.Equal("id", 7), cancellationToken: Cancellation);
        await transaction.DeleteAsync(Filter.Equal("id", 1), RowChangeMode.MergeOnRead, Cancellation);
        await table.NewTransaction().UpdateProperties(new Dictionary<string, string> { ["owner"] = "others" }).CommitAsync(Cancellation);
        table = await transaction.CommitAsync(Cancellation);
        var used = await SnapshotExpiry.FilesAsync(table.Files, table.Metadata, table.Metadata.Snapshots, onlyLive: false, Cancellation);
        Assert.Equal(used.Select(Path.GetFileName).Where(f => f!.EndsWith(".avro", StringComparison.Ordinal)).Order(StringComparer.Ordinal),
            Metadata().Where(f => f.EndsWith(".avro", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_transaction_is_committed_once_and_not_again_after_it_failed()
    {
        var table = await FillAsync();
        var transaction = table.NewTransaction().Append(await FilesAsync(table, [7L, "x"]));
        await transaction.CommitAsync(Cancellation);
        await Assert.ThrowsAsync<InvalidOperationException>(() => transaction.CommitAsync(Cancellation));
        await Assert.ThrowsAsync<InvalidOperationException>(() => transaction.DeleteAsync(Filter.True, cancellationToken: Cancellation));
        Assert.Equal([new("1", "a"), new("2", "a"), new("3", "b"), new("7", "x")], await RowsAsync());

        table = await LoadAsync();
        var failing = await table.NewTransaction().Append(await FilesAsync(table, [8L, "y"]))
            .DeleteAsync(Filter.Equal("id", 1), cancellationToken: Cancellation);
        await (await table.NewTransaction().DeleteAsync(Filter.Equal("id", 2), cancellationToken: Cancellation)).CommitAsync(Cancellation);
        await Assert.ThrowsAsync<IcebergException>(() => failing.CommitAsync(Cancellation));
        await Assert.ThrowsAsync<InvalidOperationException>(() => failing.CommitAsync(Cancellation));
        Assert.Equal([new("1", "a"), new("3", "b"), new("7", "x")], await RowsAsync());
    }

    [Fact]
    public async Task A_branch_is_rolled_back_by_itself()
    {
        var table = await FillAsync();
        var start = table.Metadata.CurrentSnapshot!.SnapshotId;
        table = await table.NewTransaction().CreateBranch("test").CommitAsync(Cancellation);
        table = await table.NewTransaction("test").Append(await FilesAsync(table, [4L, "t"])).CommitAsync(Cancellation);
        table = await table.NewTransaction().Append(await FilesAsync(table, [5L, "m"])).CommitAsync(Cancellation);
        table = await table.NewTransaction("test").RollBackTo(start).CommitAsync(Cancellation);
        Assert.Equal([new("1", "a"), new("2", "a"), new("3", "b")], await TableScanRows.ReadAsync(table.Scan().UseRef("test")));
        Assert.Equal([new("1", "a"), new("2", "a"), new("3", "b"), new("5", "m")], await RowsAsync());
    }

    [Theory]
    [InlineData("merge-on-read", 1)]
    [InlineData("copy-on-write", 0)]
    public async Task The_table_decides_how_rows_are_changed_where_the_call_does_not(string mode, int deleteFiles)
    {
        var table = await FillAsync();
        var modes = new[] { "delete", "update", "merge" }.ToDictionary(s => $"write.{s}.mode", _ => mode);
        table = await table.NewTransaction().UpdateProperties(modes).CommitAsync(Cancellation);
        async Task CheckAsync(Func<Transaction, Task<Transaction>> change)
        {
            var changed = await (await change(table.NewTransaction())).CommitAsync(Cancellation);
            Assert.Equal($"{deleteFiles}", changed.Metadata.CurrentSnapshot!.Summary.GetValueOrDefault("added-delete-files", "0"));
            table = await changed.NewTransaction().SetCurrentSnapshot(table.Metadata.CurrentSnapshot!.SnapshotId).CommitAsync(Cancellation);
        }

        await CheckAsync(t => t.DeleteAsync(Filter.Equal("id", 1), cancellationToken: Cancellation));
        await CheckAsync(t => t.UpdateAsync(Filter.Equal("id", 1), r => [r[0], "z"], cancellationToken: Cancellation));
        await CheckAsync(t => t.UpsertAsync([[1L, "z"]], ["id"], cancellationToken: Cancellation));
    }

    [Fact]
    public async Task An_upsert_changes_no_row_that_shares_only_a_part_of_a_key()
    {
        var table = await FillAsync();
        table = await (await table.NewTransaction().UpsertAsync([[1L, "b"], [3L, "a"]], ["id", "p"], cancellationToken: Cancellation))
            .CommitAsync(Cancellation);
        Assert.Equal([new("1", "a"), new("1", "b"), new("2", "a"), new("3", "a"), new("3", "b")], await RowsAsync());
        Assert.Equal("append", table.Metadata.CurrentSnapshot!.Operation);
    }

    [Fact]
    public async Task An_upsert_by_a_column_that_does_not_exist_is_refused()
    {
        var table = await FillAsync();
        var error = await Assert.ThrowsAsync<ArgumentException>(
            () => table.NewTransaction().UpsertAsync([[1L, "b"]], ["nope"], cancellationToken: Cancellation));
        Assert.Contains("There is no column 'nope'", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("false", 5)]
    [InlineData("true", 2)]
    public async Task Metadata_files_that_left_the_log_are_deleted_only_if_the_table_says_so(string isEnabled, int files)
    {
        var table = await FillAsync();
        var properties = new Dictionary<string, string>
        {
            ["write.metadata.previous-versions-max"] = "1",
            ["write.metadata.delete-after-commit.enabled"] = isEnabled,
        };
        table = await table.NewTransaction().UpdateProperties(properties).CommitAsync(Cancellation);
        for (var i = 0; i < 2; i++)
            table = await table.NewTransaction().Append(await FilesAsync(table, [8L + i, "c"])).CommitAsync(Cancellation);

        Assert.Single(table.Metadata.MetadataLog);
        Assert.Equal(files, Metadata().Count(f => f.EndsWith(".metadata.json", StringComparison.Ordinal)));
    }

    private IEnumerable<string> Metadata() =>
        Directory.GetFiles(Path.Combine(_folder.Path, "ns", "t", "metadata")).Select(f => Path.GetFileName(f))
            .Order(StringComparer.Ordinal);

    private FolderCatalog Catalog() => new(_folder.Path) { DataFileReader = new ParquetDataFileReader() };

    private Task<Table> LoadAsync() => Catalog().LoadTableAsync(new("ns", "t"), Cancellation);

    private async Task<List<ScanRow>> RowsAsync() => await TableScanRows.ReadAsync((await LoadAsync()).Scan());

    private async Task<Table> FillAsync()
    {
        var quick = new Dictionary<string, string> { ["commit.retry.min-wait-ms"] = "1", ["commit.retry.max-wait-ms"] = "1" };
        var table = await Catalog().CreateTableAsync(new("ns", "t"), Items, properties: quick, cancellationToken: Cancellation);
        return await table.NewTransaction().Append(await FilesAsync(table, [1L, "a"], [2L, "a"], [3L, "b"])).CommitAsync(Cancellation);
    }

    private static async Task<IReadOnlyList<DataFile>> FilesAsync(Table table, params object?[][] rows)
    {
        await using var writer = new DataFileWriter(table);
        foreach (var row in rows) await writer.AddAsync(row, Cancellation);
        return await writer.CompleteAsync(Cancellation);
    }
}
