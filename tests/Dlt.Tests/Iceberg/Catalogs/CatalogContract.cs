using Dlt.Iceberg;
using Dlt.Parquet.Reading;
using Dlt.Tests.Support;

namespace Dlt.Tests.Iceberg.Catalogs;

/// <summary>The contract that every catalog fulfils.</summary>
public abstract partial class CatalogContract : IDisposable
{
    private readonly TempFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static Schema Orders { get; } = new(
    [
        new(1, "id", new PrimitiveType(PrimitiveKind.Long), IsRequired: true), new(2, "country", new PrimitiveType(PrimitiveKind.String)),
        new(3, "at", new PrimitiveType(PrimitiveKind.TimestampTz)),
        new(4, "price", PrimitiveType.Decimal(9, 2)), new(5, "score", new PrimitiveType(PrimitiveKind.Double)),
        new(6, "day", new PrimitiveType(PrimitiveKind.Date)), new(7, "ok", new PrimitiveType(PrimitiveKind.Boolean)),
        new(8, "raw", new PrimitiveType(PrimitiveKind.Binary)),
    ]);

    public virtual void Dispose()
    {
        _folder.Dispose();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Appended_rows_are_read_back_and_earlier_snapshots_stay_readable()
    {
        var table = await Catalog().CreateTableAsync(new("shop", "orders"), Orders, cancellationToken: Cancellation);
        var first = await AppendAsync(table,
            [1, "de", new DateTimeOffset(2024, 1, 2, 3, 4, 5, TimeSpan.Zero), 12.5m, 0.5, new DateOnly(2024, 1, 2),
                true, new byte[] { 1, 2 }], [2, null, null, null, double.NaN, null, null, null]);
        var second = await AppendAsync(first, [3, "fr", null, 1m, null, null, false, null]);
        Assert.Equal(
            [
                new("1", "de", "2024-01-02T03:04:05+00:00", "12.50", "0.5", "2024-01-02", "true", "AQI="),
                new("2", null, null, null, "NaN", null, null, null),
                new("3", "fr", null, "1.00", null, null, "false", null),
            ],
            await TableScanRows.ReadAsync(second.Scan()));
        Assert.Equal(2, (await TableScanRows.ReadAsync(second.Scan().UseSnapshot(first.Metadata.CurrentSnapshot!.SnapshotId))).Count);
        Assert.Equal(
            [new("3", "fr")],
            (await TableScanRows.ReadAsync(second.Scan().Where(Filter.Equal("country", "fr")).Select("id", "country"))));
        var loaded = await Catalog().LoadTableAsync(new("shop", "orders"), Cancellation);
        Assert.Equal(["append", "append"], loaded.Metadata.Snapshots.Select(s => s.Operation));
        Assert.Equal("3", loaded.Metadata.CurrentSnapshot!.Summary["total-records"]);
        Assert.Equal(2, loaded.Metadata.LastSequenceNumber);
        Assert.Equal(2, loaded.Metadata.MetadataLog.Length);
    }

    [Fact]
    public async Task Each_partition_has_separate_files_and_filters_skip_other_partitions()
    {
        var spec = new PartitionSpec(0, [new(2, 1000, "country", Transform.Identity), new(3, 1001, "at_day", Transform.Day)]);
        var table = await Catalog().CreateTableAsync(new("shop", "orders"), Orders, spec, cancellationToken: Cancellation);
        var start = new DateTimeOffset(2024, 1, 2, 0, 0, 0, TimeSpan.Zero);
        table = await AppendAsync(table,
            [.. Enumerable.Range(0, 40)
                .Select(i => new object?[] { (long)i, i % 5 == 0 ? null : "c" + i % 4, start.AddHours(i), null, null, null, null, null })]);
        var all = new List<ScanTask>();
        await foreach (var task in table.Scan().PlanFilesAsync(Cancellation)) all.Add(task);
        var some = new List<ScanTask>();
        await foreach (var task in table.Scan().Where(Filter.And(Filter.Equal("country", "c1"), Filter.Less("at", start.AddDays(1))))
            .PlanFilesAsync(Cancellation)) some.Add(task);
        Assert.Equal(10, all.Count);
        Assert.Single(some);
        Assert.Contains("/data/country=c1/at_day=2024-01-02/", some[0].File.FilePath, StringComparison.Ordinal);
        Assert.Equal(40, (await TableScanRows.ReadAsync(table.Scan())).Count);
    }

    [Fact]
    public async Task Many_appends_at_once_lose_nothing()
    {
        var catalog = Catalog();
        await catalog.CreateTableAsync(new("shop", "orders"), Orders,
            properties: new Dictionary<string, string>
            {
                ["commit.retry.num-retries"] = "100",
                ["commit.retry.min-wait-ms"] = "1",
                ["commit.retry.max-wait-ms"] = "20",
            }, cancellationToken: Cancellation);
        await Task.WhenAll(Enumerable.Range(0, 8).Select(writer => Task.Run(
            async () =>
            {
                for (var i = 0; i < 10; i++)
                    await AppendAsync(await Catalog().LoadTableAsync(new("shop", "orders"), Cancellation),
                        [(long)(writer * 100 + i), null, null, null, null, null, null, null]);
            },
            Cancellation)));
        var table = await catalog.LoadTableAsync(new("shop", "orders"), Cancellation);
        Assert.Equal(80, table.Metadata.Snapshots.Length);
        Assert.Equal(80, (await TableScanRows.ReadAsync(table.Scan())).Distinct().Count());
        Assert.Equal(80, table.Metadata.AncestorsOf(table.Metadata.CurrentSnapshot).Count());
    }

    [Fact]
    public async Task More_than_a_hundred_small_manifests_are_joined()
    {
        var table = await Catalog().CreateTableAsync(new("shop", "orders"), Orders,
            properties: new Dictionary<string, string> { ["commit.manifest.min-count-to-merge"] = "5" }, cancellationToken: Cancellation);
        for (var i = 0; i < 12; i++) table = await AppendAsync(table, [(long)i, null, null, null, null, null, null, null]);
        var manifests = await new SnapshotReader(table.Files, table.Metadata).ManifestsAsync(table.Metadata.CurrentSnapshot!, Cancellation);
        Assert.InRange(manifests.Count, 1, 5);
        Assert.Equal(12, (await TableScanRows.ReadAsync(table.Scan())).Count);
        foreach (var snapshot in table.Metadata.Snapshots)
            Assert.Equal(snapshot.SequenceNumber, (await TableScanRows.ReadAsync(table.Scan().UseSnapshot(snapshot.SnapshotId))).Count);
    }

    [Fact]
    public async Task Columns_change_and_older_files_stay_as_they_are()
    {
        var table = await AppendAsync(await Catalog()
            .CreateTableAsync(new("shop", "orders"),
                new Schema([new(1, "id", new PrimitiveType(PrimitiveKind.Int)), new(2, "a", new PrimitiveType(PrimitiveKind.String))]),
                cancellationToken: Cancellation), [1, "x"]);
        table = await table.NewTransaction()
            .UpdateSchema(s => s.RenameColumn("a", "b").AddColumn("c", new PrimitiveType(PrimitiveKind.Long))
                .PromoteColumn("id", new PrimitiveType(PrimitiveKind.Long)).MoveColumn("c", null)).CommitAsync(Cancellation);
        table = await AppendAsync(table, [7, 5_000_000_000, "y"]);
        Assert.Equal([new("7", "5000000000", "y"), new(null, "1", "x")], await TableScanRows.ReadAsync(table.Scan()));
        table = await table.NewTransaction().UpdateSchema(s => s.DropColumn("b").AddColumn("b", new PrimitiveType(PrimitiveKind.String)))
            .CommitAsync(Cancellation);
        Assert.Equal(
            [new("7", "5000000000", null), new(null, "1", null)],
            await TableScanRows.ReadAsync(table.Scan()));   // the new b is another column
        Assert.Equal([new("1", "x")], await TableScanRows.ReadAsync(table.Scan().UseSnapshot(table.Metadata.Snapshots[0].SnapshotId)));
    }

    [Theory]
    [InlineData("There is no column 'nope'")]
    [InlineData("There is already a column 'a'")]
    [InlineData("cannot be widened to int")]
    [InlineData("identifies rows")]
    public async Task An_illegal_change_says_which_rule_it_breaks_and_changes_nothing(string rule)
    {
        var schema = new Schema(
            [new(1, "id", new PrimitiveType(PrimitiveKind.Long), true), new(2, "a", new PrimitiveType(PrimitiveKind.String))], 0, [1]);
        var table = await Catalog().CreateTableAsync(new("shop", "orders"), schema, cancellationToken: Cancellation);
        var error = await Assert.ThrowsAsync<IcebergException>(() => table.NewTransaction().UpdateSchema(s => _ = rule switch
        {
            "There is no column 'nope'" => s.DropColumn("nope"),
            "There is already a column 'a'" => s.AddColumn("a", new PrimitiveType(PrimitiveKind.Int)),
            "cannot be widened to int" => s.PromoteColumn("id", new PrimitiveType(PrimitiveKind.Int)),
            _ => s.DropColumn("id"),
        }).CommitAsync(Cancellation));
        Assert.Equal(IcebergError.Illegal, error.Error);
        Assert.Contains(rule, error.Message, StringComparison.Ordinal);
        Assert.Equal(table.MetadataLocation, (await Catalog().LoadTableAsync(new("shop", "orders"), Cancellation)).MetadataLocation);
    }

    [Fact]
    public async Task Replacing_all_rows_is_one_snapshot()
    {
        var table = await AppendAsync(await Catalog().CreateTableAsync(new("shop", "orders"), Orders, cancellationToken: Cancellation),
            [1L, null, null, null, null, null, null, null], [2L, null, null, null, null, null, null, null]);
        await using var writer = new DataFileWriter(table);
        await writer.AddAsync([9L, "new", null, null, null, null, null, null], Cancellation);
        table = await table.NewTransaction().ReplaceAll(await writer.CompleteAsync(Cancellation)).CommitAsync(Cancellation);
        Assert.Equal([new("9", "new", null, null, null, null, null, null)], await TableScanRows.ReadAsync(table.Scan()));
        Assert.Equal("overwrite", table.Metadata.CurrentSnapshot!.Operation);
        Assert.Equal("1", table.Metadata.CurrentSnapshot.Summary["deleted-data-files"]);
    }

    private protected abstract Catalog Open(TempFolder folder, TimeProvider? time);

    private Catalog Catalog(TimeProvider? time = null) => Open(_folder, time);

    [Fact]
    public async Task An_existing_table_is_not_made_again_and_a_missing_one_is_not_found()
    {
        var catalog = Catalog();
        await catalog.CreateTableAsync(new("shop", "orders"), Orders, cancellationToken: Cancellation);
        Assert.Equal(IcebergError.AlreadyExists,
            (await Assert.ThrowsAsync<IcebergException>(
                () => catalog.CreateTableAsync(new("shop", "orders"), Orders, cancellationToken: Cancellation))).Error);
        Assert.Equal(IcebergError.NotFound,
            (await Assert.ThrowsAsync<IcebergException>(() => catalog.LoadTableAsync(new("shop", "nope"), Cancellation))).Error);
        Assert.Equal([new("shop", "orders")], await catalog.ListTablesAsync("shop", Cancellation).ToListAsync(Cancellation));
        await catalog.DropTableAsync(new("shop", "orders"), Cancellation);
        Assert.Null(await catalog.TryLoadTableAsync(new("shop", "orders"), Cancellation));
    }

    private static async Task<Table> AppendAsync(Table table, params object?[][] rows)
    {
        await using var writer = new DataFileWriter(table);
        foreach (var row in rows) await writer.AddAsync(row, Cancellation);
        return await table.NewTransaction().Append(await writer.CompleteAsync(Cancellation)).CommitAsync(Cancellation);
    }
}

public sealed class FolderCatalogTests : CatalogContract
{
    private protected override Catalog Open(TempFolder folder, TimeProvider? time) =>
        new FolderCatalog(folder.Path, time) { DataFileReader = new ParquetDataFileReader() };
}

public sealed class SqliteCatalogTests : CatalogContract
{
    public override void Dispose()
    {
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        base.Dispose();
    }

    private protected override Catalog Open(TempFolder folder, TimeProvider? time) =>
        new SqliteCatalog(folder.File("catalog.db"), folder.File("warehouse"),
            time: time)
        { DataFileReader = new ParquetDataFileReader() };
}

public sealed class GlueCatalogTests : CatalogContract
{
    private protected override Catalog Open(TempFolder folder, TimeProvider? time)
    {
        var account = Some.Account(folder);
        Directory.CreateDirectory(Path.Combine(account.Folder, "s3", "lake"));
        if (account.Glue.GetDatabaseAsync("shop").GetAwaiter().GetResult() is null)
        {
            try
            {
                account.Glue.CreateDatabaseAsync(new() { Name = "shop", LocationUri = "s3://lake/shop" }).GetAwaiter().GetResult();
            }
            catch (Dlt.Lake.GlueException error) when (error.IsAlreadyExists)
            {
                // Another writer of the test was faster.
            }
        }

        return new GlueCatalog(account.Glue, account.Objects, time: time) { DataFileReader = new ParquetDataFileReader() };
    }
}
