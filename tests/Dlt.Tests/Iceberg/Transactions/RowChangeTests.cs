using Dlt.Iceberg;
using Dlt.Parquet.Reading;
using Dlt.Tests.Support;

namespace Dlt.Tests.Iceberg.Transactions;

public sealed class RowChangeTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static Schema Items { get; } = new([new(1, "id", new PrimitiveType(PrimitiveKind.Long), true),
        new(2, "p", new PrimitiveType(PrimitiveKind.String)), new(3, "v", new PrimitiveType(PrimitiveKind.Double))], 0, [1]);

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(RowChangeMode.CopyOnWrite)]
    [InlineData(RowChangeMode.MergeOnRead)]
    public async Task Rows_are_deleted_updated_and_merged(RowChangeMode mode)
    {
        var table = await FillAsync();
        table = await (await table.NewTransaction().DeleteAsync(Filter.Parse("id in (1, 5) or v is null"), mode, Cancellation))
            .CommitAsync(Cancellation);
        Assert.Equal(
            [new("0", "a", "0.0"), new("2", "a", "2.0"), new("4", "b", "4.0"), new("6", "b", "6.0"), new("7", "b", "7.0")],
            await TableScanRows.ReadAsync(table.Scan()));
        table = await (await table.NewTransaction()
            .UpdateAsync(Filter.Greater("id", 5), r => [r[0], r[1], -(double)r[2]!], mode, Cancellation)).CommitAsync(Cancellation);
        Assert.Equal(
            [new("0", "a", "0.0"), new("2", "a", "2.0"), new("4", "b", "4.0"), new("6", "b", "-6.0"), new("7", "b", "-7.0")],
            await TableScanRows.ReadAsync(table.Scan()));
        table = await (await table.NewTransaction()
            .UpsertAsync([[2L, "a", 22.0], [9L, "c", 9.0]], mode: mode, cancellationToken: Cancellation)).CommitAsync(Cancellation);
        Assert.Equal(
            [
                new("0", "a", "0.0"),
                new("2", "a", "22.0"),
                new("4", "b", "4.0"),
                new("6", "b", "-6.0"),
                new("7", "b", "-7.0"),
                new("9", "c", "9.0"),
            ],
            await TableScanRows.ReadAsync(table.Scan()));
        Assert.Equal(8, (await TableScanRows.ReadAsync(table.Scan().UseSnapshot(table.Metadata.Snapshots[1].SnapshotId))).Count);
        Assert.Equal(mode == RowChangeMode.MergeOnRead, table.Metadata.CurrentSnapshot!.Summary["total-delete-files"] != "0");
        var compacted = await table.CompactAsync(sortBy: ["id"], minInputFiles: 2, cancellationToken: Cancellation);
        Assert.Equal(await TableScanRows.ReadAsync(table.Scan()), await TableScanRows.ReadAsync(compacted.Scan()));
        Assert.Equal("0", compacted.Metadata.CurrentSnapshot!.Summary["total-delete-files"]);
        Assert.Equal("replace", compacted.Metadata.CurrentSnapshot.Operation);
    }

    [Fact]
    public async Task Whole_files_are_deleted_without_being_read_where_their_metrics_suffice()
    {
        var table = await FillAsync(new PartitionSpec(0, [new(2, 1000, "p", Transform.Identity)]));
        var pure = new FolderCatalog(_folder.Path);   // without a reader of Parquet files
        table = await pure.LoadTableAsync(new("ns", "t"), Cancellation);
        table = await (await table.NewTransaction().DeleteAsync(Filter.Equal("p", "b"), cancellationToken: Cancellation))
            .CommitAsync(Cancellation);
        Assert.Equal(4, (await TableScanRows.ReadAsync(table.Scan())).Count);
        Assert.Equal("delete", table.Metadata.CurrentSnapshot!.Operation);
        var error = await Assert.ThrowsAsync<IcebergException>(
            async () => await table.NewTransaction().DeleteAsync(Filter.Equal("id", 1), cancellationToken: Cancellation));
        Assert.Contains("Dlt.Parquet.Reading", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_change_of_rows_that_another_writer_changed_is_a_conflict()
    {
        var table = await FillAsync();
        var mine = await table.NewTransaction().DeleteAsync(Filter.Equal("id", 1), cancellationToken: Cancellation);
        await (await table.NewTransaction().DeleteAsync(Filter.Equal("id", 2), cancellationToken: Cancellation)).CommitAsync(Cancellation);
        var error = await Assert.ThrowsAsync<IcebergException>(() => mine.CommitAsync(Cancellation));
        Assert.Equal(IcebergError.Conflict, error.Error);
        Assert.Equal(7, (await TableScanRows.ReadAsync((await Catalog().LoadTableAsync(new("ns", "t"), Cancellation)).Scan())).Count);
    }

    [Fact]
    public async Task Partitions_are_replaced_by_those_of_the_new_files()
    {
        var table = await FillAsync(new PartitionSpec(0, [new(2, 1000, "p", Transform.Identity)]));
        await using var writer = new DataFileWriter(table);
        await writer.AddAsync([100L, "a", 1.0], Cancellation);
        table = await table.NewTransaction().ReplacePartitions(await writer.CompleteAsync(Cancellation)).CommitAsync(Cancellation);
        Assert.Equal(
            [new("100", "a", "1.0"), new("4", "b", "4.0"), new("5", "b", "5.0"), new("6", "b", "6.0"), new("7", "b", "7.0")],
            await TableScanRows.ReadAsync(table.Scan()));
    }

    [Fact]
    public async Task Branches_tags_and_roll_backs_name_older_states()
    {
        var table = await FillAsync();
        var first = table.Metadata.Snapshots[0].SnapshotId;
        table = await table.NewTransaction().CreateTag("start", first).CreateBranch("test").CommitAsync(Cancellation);
        table = await table.NewTransaction("test").Append([]).CommitAsync(Cancellation);
        table = await (await table.NewTransaction().DeleteAsync(Filter.Less("id", 100), cancellationToken: Cancellation))
            .CommitAsync(Cancellation);
        Assert.Empty(await TableScanRows.ReadAsync(table.Scan()));
        Assert.Equal(8, (await TableScanRows.ReadAsync(table.Scan().UseRef("test"))).Count);
        Assert.Equal(4, (await TableScanRows.ReadAsync(table.Scan().UseRef("start"))).Count);
        table = await table.NewTransaction().RollBackTo(first).CommitAsync(Cancellation);
        Assert.Equal(4, (await TableScanRows.ReadAsync(table.Scan())).Count);
        await Assert.ThrowsAsync<IcebergException>(
            () => table.NewTransaction().RollBackTo(table.Metadata.Snapshots[^1].SnapshotId).CommitAsync(Cancellation));
        await Assert.ThrowsAsync<IcebergException>(() => table.NewTransaction("start").ReplaceAll([]).CommitAsync(Cancellation));
        table = await table.NewTransaction().FastForward("main", "test").CommitAsync(Cancellation);
        Assert.Equal(8, (await TableScanRows.ReadAsync(table.Scan())).Count);
    }

    [Fact]
    public async Task Expired_snapshots_take_the_files_with_them_that_only_they_needed()
    {
        var table = await FillAsync();
        table = await (await table.NewTransaction().DeleteAsync(Filter.Less("id", 4), cancellationToken: Cancellation))
            .CommitAsync(Cancellation);
        var before = Directory.GetFiles(_folder.Path, "*.parquet", SearchOption.AllDirectories).Length;
        var (expired, deleted) = await table.ExpireSnapshotsAsync(DateTimeOffset.UtcNow.AddMinutes(1), cancellationToken: Cancellation);
        Assert.Single(expired.Metadata.Snapshots);
        Assert.Single(expired.Metadata.SnapshotLog);
        Assert.Equal(before - 1, Directory.GetFiles(_folder.Path, "*.parquet", SearchOption.AllDirectories).Length);
        Assert.NotEmpty(deleted);
        Assert.Equal(4, (await TableScanRows.ReadAsync(expired.Scan())).Count);
    }

    [Fact]
    public async Task Orphans_are_files_that_no_metadata_names_and_young_ones_stay()
    {
        var table = await FillAsync();
        var orphan = Path.Combine(_folder.Path, "ns", "t", "data", "left.parquet");
        var young = Path.Combine(_folder.Path, "ns", "t", "metadata", "young.avro");
        await File.WriteAllTextAsync(orphan, "x", Cancellation);
        await File.WriteAllTextAsync(young, "x", Cancellation);
        foreach (var file in Directory.GetFiles(Path.Combine(_folder.Path, "ns"), "*", SearchOption.AllDirectories))
            File.SetLastWriteTimeUtc(file, DateTime.UtcNow.AddDays(-10));
        File.SetLastWriteTimeUtc(young, DateTime.UtcNow);
        Assert.Equal(["left.parquet"], (await table.RemoveOrphanFilesAsync(dryRun: true, cancellationToken: Cancellation))
            .Select(Path.GetFileName));
        Assert.True(File.Exists(orphan));
        await table.RemoveOrphanFilesAsync(DateTimeOffset.UtcNow.AddDays(1), cancellationToken: Cancellation);
        Assert.False(File.Exists(orphan));
        Assert.True(File.Exists(young));
        Assert.Equal(8, (await TableScanRows.ReadAsync((await Catalog().LoadTableAsync(new("ns", "t"), Cancellation)).Scan())).Count);
    }

    [Fact]
    public async Task New_files_follow_a_new_spec_and_old_ones_keep_theirs()
    {
        var table = await FillAsync();
        table = await table.NewTransaction().UpdateSpec(s => s.AddField("p", Transform.Identity).AddField("id", Transform.Bucket(4)))
            .CommitAsync(Cancellation);
        Assert.Equal(["p", "id_bucket_4"], table.Metadata.DefaultSpec.Fields.Select(f => f.Name));
        table = await AppendAsync(table, [10L, "z", 1.0]);
        var rows = await TableScanRows.ReadAsync(table.Scan().Where(Filter.Equal("p", "z")));
        Assert.Equal([new("10", "z", "1.0")], rows);
        Assert.Equal(9, (await TableScanRows.ReadAsync(table.Scan())).Count);
        table = await table.RewriteManifestsAsync(Cancellation);
        Assert.Equal(9, (await TableScanRows.ReadAsync(table.Scan())).Count);
        var error = await Assert.ThrowsAsync<IcebergException>(
            () => table.NewTransaction().UpdateSchema(s => s.DropColumn("p")).CommitAsync(Cancellation));
        Assert.Contains("partitioned by 'p'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nested_values_floats_and_uuids_are_written_with_their_ids()
    {
        var schema = new Schema(
        [
            new(1, "id", new PrimitiveType(PrimitiveKind.Int)), new(2, "u", new PrimitiveType(PrimitiveKind.Uuid)),
            new(3, "f", new PrimitiveType(PrimitiveKind.Float)),
            new(4, "l", new ListType(5,
                new StructType([new(6, "a", new PrimitiveType(PrimitiveKind.Long)),
                    new(7, "m", new MapType(8, new PrimitiveType(PrimitiveKind.String), 9, PrimitiveType.Decimal(5, 2)))]))),
        ]);
        var table = await Catalog().CreateTableAsync(new("ns", "t"), schema, cancellationToken: Cancellation);
        var id = Guid.NewGuid();
        table = await AppendAsync(table,
            [1, id, 1.5f, new List<object?> { new object?[] { 7L, new List<KeyValuePair<object?, object?>> { new("k", (Int128)125) } },
                null }], [2, null, null, null]);
        var rows = new List<string>();
        await foreach (var row in table.Scan().ReadRowsAsync(Cancellation))
            rows.Add(JsonText.Write(ValueJson.Of(table.Metadata.CurrentSchema.Struct, row)));
        Assert.Equal(["{\"id\":1,\"u\":\"" + id + "\",\"f\":1.5,\"l\":[{\"a\":7,\"m\":{\"k\":\"1.25\"}},null]}",
            """{"id":2,"u":null,"f":null,"l":null}"""], rows);
        table = await table.NewTransaction()
            .UpdateSchema(s => s.RenameColumn("l.element.a", "b").AddColumn("l.element.c", new PrimitiveType(PrimitiveKind.String)))
            .CommitAsync(Cancellation);
        var records = new List<Record>();
        await foreach (var record in table.Scan().ReadAsync<Record>(Cancellation)) records.Add(record);
        Assert.Equal((1, id, 1.5f, 7L, null), (records[0].Id, records[0].U, records[0].F, records[0].L![0]!.B, records[0].L![0]!.C));
        var batches = new List<int>();
        await foreach (var batch in table.Scan().ReadBatchesAsync(Cancellation)) batches.Add(batch.Length);
        Assert.Equal(2, batches.Sum());
    }

    private sealed record Record(int Id, Guid? U, float? F, List<Line?>? L);

    private sealed record Line(long B, string? C);

    private FolderCatalog Catalog() => new(_folder.Path) { DataFileReader = new ParquetDataFileReader() };

    private async Task<Table> FillAsync(PartitionSpec? spec = null)
    {
        var table = await Catalog().CreateTableAsync(new("ns", "t"), Items, spec, cancellationToken: Cancellation);
        table = await AppendAsync(
            table, [.. Enumerable.Range(0, 4).Select(i => new object?[] { (long)i, "a", i == 3 ? null : (double)i })]);
        return await AppendAsync(table, [.. Enumerable.Range(4, 4).Select(i => new object?[] { (long)i, "b", (double)i })]);
    }

    private static async Task<Table> AppendAsync(Table table, params object?[][] rows)
    {
        await using var writer = new DataFileWriter(table);
        foreach (var row in rows) await writer.AddAsync(row, Cancellation);
        return await table.NewTransaction().Append(await writer.CompleteAsync(Cancellation)).CommitAsync(Cancellation);
    }
}
