using Dlt.Iceberg;

namespace Dlt.Tests.Iceberg.Catalogs;

/// <summary>Branches, transactions of several changes, and maintenance work the same in every catalog.</summary>
public abstract partial class CatalogContract
{
    private static Schema Items { get; } = new(
    [
        new(1, "id", new PrimitiveType(PrimitiveKind.Long)), new(2, "v", new PrimitiveType(PrimitiveKind.String)),
        new(3, "created", new PrimitiveType(PrimitiveKind.Date)),
    ]);

    [Fact]
    public async Task Removing_orphans_with_an_old_table_object_keeps_newer_commits()
    {
        await AppendAsync(await CreateAsync(), [1L, "a", null]);
        var held = await Catalog(new Later(TimeSpan.FromDays(6))).LoadTableAsync(new("shop", "items"), Cancellation);
        await AppendAsync(await LoadAsync(), [2L, "b", null]);

        var deleted = await held.RemoveOrphanFilesAsync(cancellationToken: Cancellation);

        Assert.Empty(deleted);
        Assert.Equal([new("1", "a", null), new("2", "b", null)], await TableScanRows.ReadAsync((await LoadAsync()).Scan()));
    }

    [Fact]
    public async Task That_there_is_nothing_to_do_is_decided_on_the_table_as_it_is_now()
    {
        var held = await CreateAsync();
        var other = await held.NewTransaction().UpdateProperties(new Dictionary<string, string> { ["owner"] = "they" })
            .CommitAsync(Cancellation);
        for (var i = 0; i < 3; i++) other = await AppendAsync(other, [(long)i, "a", null]);

        var changed = await held.NewTransaction().UpdateProperties(new Dictionary<string, string>(), ["owner"]).CommitAsync(Cancellation);
        Assert.DoesNotContain("owner", changed.Metadata.Properties.Keys);

        var compacted = await held.CompactAsync(minInputFiles: 2, cancellationToken: Cancellation);
        Assert.Equal("1", compacted.Metadata.CurrentSnapshot!.Summary["total-data-files"]);

        var (expired, _) = await held.ExpireSnapshotsAsync(TimeProvider.System.GetUtcNow().AddMinutes(1), cancellationToken: Cancellation);
        Assert.Single(expired.Metadata.Snapshots);
        Assert.Equal(
            [new("0", "a", null), new("1", "a", null), new("2", "a", null)],
            await TableScanRows.ReadAsync((await LoadAsync()).Scan()));
    }

    [Fact]
    public async Task Rows_of_a_branch_are_changed_there_and_main_follows_when_it_is_forwarded()
    {
        var table = await AppendAsync(await CreateAsync(), [1L, "a", null], [2L, "a", null]);
        table = await table.NewTransaction().CreateBranch("test").CommitAsync(Cancellation);
        await using (var writer = new DataFileWriter(table))
        {
            await writer.AddAsync([3L, "b", null], Cancellation);
            table = await table.NewTransaction("test").Append(await writer.CompleteAsync(Cancellation)).CommitAsync(Cancellation);
        }

        table = await (await table.NewTransaction("test").DeleteAsync(Filter.In("id", 1, 3), cancellationToken: Cancellation))
            .CommitAsync(Cancellation);
        table = await (await table.NewTransaction("test")
            .UpdateAsync(Filter.Equal("id", 2), r => [r[0], "z", r[2]], RowChangeMode.MergeOnRead, Cancellation)).CommitAsync(Cancellation);

        Assert.Equal([new("1", "a", null), new("2", "a", null)], await TableScanRows.ReadAsync(table.Scan()));
        Assert.Equal([new("2", "z", null)], await TableScanRows.ReadAsync(table.Scan().UseRef("test")));
        table = await table.NewTransaction().FastForward("main", "test").CommitAsync(Cancellation);
        Assert.Equal([new("2", "z", null)], await TableScanRows.ReadAsync((await LoadAsync()).Scan()));
    }

    [Theory]
    [InlineData(RowChangeMode.CopyOnWrite)]
    [InlineData(RowChangeMode.MergeOnRead)]
    public async Task Each_change_of_a_transaction_is_planned_on_the_result_of_the_earlier_ones(RowChangeMode mode)
    {
        var table = await AppendAsync(await CreateAsync(), [1L, "a", null], [2L, "a", null], [3L, "a", null]);
        var before = table.Metadata.Snapshots.Length;
        await using var writer = new DataFileWriter(table);
        await writer.AddAsync([4L, "a", null], Cancellation);
        await writer.AddAsync([5L, "a", null], Cancellation);
        var transaction = table.NewTransaction().Append(await writer.CompleteAsync(Cancellation));
        await transaction.DeleteAsync(Filter.Equal("id", 1), mode, Cancellation);
        await transaction.UpdateAsync(Filter.Greater("id", 3), r => [(long)r[0]! * 10, r[1], r[2]], mode, Cancellation);
        await transaction.DeleteAsync(Filter.In("id", 2, 50), mode, Cancellation);
        await transaction.UpsertAsync([[40L, "z", null], [6L, "n", null]], ["id"], mode, Cancellation);
        transaction.CreateTag("after");

        // Other writers commit in between: every change is applied again on top of theirs.
        await (await LoadAsync()).NewTransaction().UpdateProperties(new Dictionary<string, string> { ["owner"] = "others" })
            .CommitAsync(Cancellation);
        table = await transaction.CommitAsync(Cancellation);

        Assert.Equal([new("3", "a", null), new("40", "z", null), new("6", "n", null)], await TableScanRows.ReadAsync(table.Scan()));
        Assert.Equal(
            [new("3", "a", null), new("40", "z", null), new("6", "n", null)],
            await TableScanRows.ReadAsync((await LoadAsync()).Scan().UseRef("after")));
        Assert.Equal(before + 5, table.Metadata.Snapshots.Length);
        Assert.Equal(2, table.Metadata.SnapshotLog.Length);
    }

    [Theory]
    [InlineData("created_day")]
    [InlineData("v_trunc")]
    public async Task No_column_gets_the_name_of_a_partition_field_of_any_spec(string name)
    {
        var spec = new PartitionSpec(0, [new(3, 1000, "created_day", Transform.Day), new(2, 1001, "v_trunc", Transform.Truncate(2))]);
        var table = await Catalog().CreateTableAsync(new("shop", "items"), Items, spec, cancellationToken: Cancellation);
        await RefusedAsync(s => s.AddColumn(name, new PrimitiveType(PrimitiveKind.Date)));
        await RefusedAsync(s => s.RenameColumn("id", name));
        table = await table.NewTransaction().UpdateSpec(s => s.RemoveField("created_day").RemoveField("v_trunc")).CommitAsync(Cancellation);
        await RefusedAsync(s => s.AddColumn(name, new PrimitiveType(PrimitiveKind.Date)));
        await RefusedAsync(s => s.RenameColumn("id", "other").AddColumn("id", new PrimitiveType(PrimitiveKind.Date))
            .RenameColumn("id", name));
        table = await (await table.RemoveUnusedSpecsAsync(Cancellation)).NewTransaction()
            .UpdateSchema(s => s.AddColumn(name, new PrimitiveType(PrimitiveKind.Date))).CommitAsync(Cancellation);
        Assert.NotNull(table.Metadata.CurrentSchema.Find(name));

        async Task RefusedAsync(Action<SchemaUpdate> change)
        {
            var error = await Assert.ThrowsAsync<IcebergException>(
                () => table.NewTransaction().UpdateSchema(change).CommitAsync(Cancellation));
            Assert.Equal(IcebergError.Illegal, error.Error);
            Assert.Contains($"'{name}'", error.Message, StringComparison.Ordinal);
            Assert.Contains("partition spec 0", error.Message, StringComparison.Ordinal);
            Assert.Equal(table.MetadataLocation, (await LoadAsync()).MetadataLocation);
        }
    }

    [Fact]
    public async Task A_column_of_an_older_spec_is_dropped_once_no_file_and_no_snapshot_uses_that_spec()
    {
        var table = await Catalog().CreateTableAsync(
            new("shop", "items"), Items, new PartitionSpec(0, [new(2, 1000, "v", Transform.Identity)]),
            cancellationToken: Cancellation);
        table = await AppendAsync(table, [1L, "a", null], [2L, "b", null]);
        table = await table.NewTransaction().UpdateSpec(s => s.RemoveField("v")).CommitAsync(Cancellation);
        Task<Table> DropAsync() => table.NewTransaction().UpdateSchema(s => s.DropColumn("v")).CommitAsync(Cancellation);
        var error = await Assert.ThrowsAsync<IcebergException>(DropAsync);
        Assert.Contains("RemoveUnusedSpecsAsync", error.Message, StringComparison.Ordinal);
        Assert.Equal(2, (await table.RemoveUnusedSpecsAsync(Cancellation)).Metadata.PartitionSpecs.Length);

        table = await table.CompactAsync(rewriteAll: true, cancellationToken: Cancellation);
        table = await table.RewriteManifestsAsync(Cancellation);
        (table, _) = await table.ExpireSnapshotsAsync(TimeProvider.System.GetUtcNow().AddMinutes(1), cancellationToken: Cancellation);
        table = await table.RemoveUnusedSpecsAsync(Cancellation);
        table = await DropAsync();

        Assert.Equal(1, Assert.Single(table.Metadata.PartitionSpecs).SpecId);
        Assert.Equal([new("1", null), new("2", null)], await TableScanRows.ReadAsync((await LoadAsync()).Scan()));
    }

    [Fact]
    public async Task Files_of_another_table_and_duplicate_files_are_not_added()
    {
        var table = await CreateAsync();
        var other = await Catalog().CreateTableAsync(new("shop", "others"), Items, cancellationToken: Cancellation);
        await using var writer = new DataFileWriter(other);
        await writer.AddAsync([1L, "a", null], Cancellation);
        var files = await writer.CompleteAsync(Cancellation);

        var error = Assert.Throws<IcebergException>(() => table.NewTransaction().Append(files));
        Assert.Contains("another table", error.Message, StringComparison.Ordinal);
        error = Assert.Throws<IcebergException>(() => other.NewTransaction().Append(files).Append(files));
        Assert.Contains("twice", error.Message, StringComparison.Ordinal);

        await other.NewTransaction().Append(files).CommitAsync(Cancellation);
        Assert.Equal([new("1", "a", null)], await TableScanRows.ReadAsync((await other.ReloadAsync(Cancellation)).Scan()));
    }

    private Task<Table> CreateAsync() =>
        Catalog().CreateTableAsync(new("shop", "items"), Items, properties: Quick, cancellationToken: Cancellation);

    private Task<Table> LoadAsync() => Catalog().LoadTableAsync(new("shop", "items"), Cancellation);

    private static Dictionary<string, string> Quick { get; } = new()
    {
        ["commit.retry.min-wait-ms"] = "1",
        ["commit.retry.max-wait-ms"] = "1",
    };

    private sealed class Later(TimeSpan by) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + by;
    }
}
