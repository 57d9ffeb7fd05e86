using Dlt.Iceberg;
using Dlt.Lake;
using Dlt.Parquet.Reading;
using Dlt.Storage;
using Dlt.Tests.Support;

namespace Dlt.Tests.Iceberg.Catalogs;

/// <summary>Other writers delete metadata files while a table is loaded or changed; names that Glue treats as equal.</summary>
public sealed class CatalogRaceTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static Schema Numbers { get; } = new([new(1, "n", new PrimitiveType(PrimitiveKind.Long))]);

    private static Dictionary<string, string> FewVersions { get; } = new()
    {
        ["write.metadata.delete-after-commit.enabled"] = "true",
        ["write.metadata.previous-versions-max"] = "1",
        ["commit.retry.min-wait-ms"] = "1",
    };

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_table_is_loaded_although_another_writer_deletes_its_metadata_file()
    {
        var account = await AccountAsync();
        var table = await new GlueCatalog(account.Glue, account.Objects)
            .CreateTableAsync(new("shop", "t"), Numbers, properties: FewVersions, cancellationToken: Cancellation);
        var isDisturbed = false;
        var objects = Steps.Intercept(account.Objects, (method, call) =>
        {
            if (method != nameof(IObjectStore.GetAsync) || isDisturbed) return call();
            isDisturbed = true;
            for (var i = 0; i < 4; i++) table = AppendAsync(table, i).GetAwaiter().GetResult();
            return call();
        });
        var loaded = await new GlueCatalog(account.Glue, objects).LoadTableAsync(new("shop", "t"), Cancellation);
        Assert.True(isDisturbed);
        Assert.Equal(table.MetadataLocation, loaded.MetadataLocation);
    }

    [Fact]
    public async Task A_metadata_file_that_is_lost_is_still_an_error()
    {
        var account = await AccountAsync();
        var catalog = new GlueCatalog(account.Glue, account.Objects);
        var table = await catalog.CreateTableAsync(new("shop", "t"), Numbers, cancellationToken: Cancellation);
        await table.Files.DeleteAsync([table.MetadataLocation], Cancellation);
        Assert.Equal(IcebergError.NotFound,
            (await Assert.ThrowsAsync<IcebergException>(() => catalog.LoadTableAsync(new("shop", "t"), Cancellation))).Error);
    }

    [Fact]
    public async Task A_commit_by_an_object_whose_next_version_was_deleted_loses_nothing_in_a_folder()
    {
        var catalog = new FolderCatalog(_folder.Path) { DataFileReader = new ParquetDataFileReader() };
        var held = await catalog.CreateTableAsync(new("ns", "t"), Numbers, properties: FewVersions, cancellationToken: Cancellation);
        var table = held;
        for (var i = 0; i < 5; i++) table = await AppendAsync(table, i);
        await AppendAsync(held, 5);
        Assert.Equal(
            Enumerable.Range(0, 6).Select(i => new ScanRow($"{i}")),
            await TableScanRows.ReadAsync((await catalog.LoadTableAsync(new("ns", "t"), Cancellation)).Scan()));
    }

    [Fact]
    public async Task Columns_that_differ_by_case_only_are_refused_where_glue_would_take_them_for_one()
    {
        var account = await AccountAsync();
        var catalog = new GlueCatalog(account.Glue, account.Objects);
        var both = new Schema([new(1, "id", new PrimitiveType(PrimitiveKind.Long)), new(2, "Id", new PrimitiveType(PrimitiveKind.Long))]);
        var error = await Assert.ThrowsAsync<IcebergException>(
            () => catalog.CreateTableAsync(new("shop", "both"), both, cancellationToken: Cancellation));
        Assert.Contains("'id' and 'Id'", error.Message, StringComparison.Ordinal);
        Assert.Null(await catalog.TryLoadTableAsync(new("shop", "both"), Cancellation));
        Assert.Empty(await account.Objects.ListAsync("lake", "", Cancellation).ToListAsync(Cancellation));

        var nested = new Schema([new(1, "s", new StructType([new(2, "a", new PrimitiveType(PrimitiveKind.Long))]))]);
        var table = await catalog.CreateTableAsync(new("shop", "t"), nested, cancellationToken: Cancellation);
        await Assert.ThrowsAsync<IcebergException>(() => table.NewTransaction()
            .UpdateSchema(s => s.AddColumn("s.A", new PrimitiveType(PrimitiveKind.Long))).CommitAsync(Cancellation));
        await Assert.ThrowsAsync<IcebergException>(() => table.NewTransaction()
            .UpdateSchema(s => s.AddColumn("S", new PrimitiveType(PrimitiveKind.Long))).CommitAsync(Cancellation));
        Assert.Equal(table.MetadataLocation, (await table.ReloadAsync(Cancellation)).MetadataLocation);
    }

    [Fact]
    public async Task One_warning_says_that_glue_shows_names_without_capitals()
    {
        var account = await AccountAsync();
        var warnings = new List<string>();
        var catalog = Athena.IcebergCatalog(account);
        catalog.Warn = warnings.Add;
        var table = await catalog.CreateTableAsync(
            new("shop", "t"), new Schema([new(1, "Mixed case", new PrimitiveType(PrimitiveKind.Long))]),
            cancellationToken: Cancellation);
        await table.NewTransaction().UpdateProperties(new Dictionary<string, string> { ["owner"] = "me" }).CommitAsync(Cancellation);
        Assert.Contains("'Mixed case'", Assert.Single(warnings), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Orphans_are_not_looked_for_without_a_catalog_and_not_where_the_table_forbids_it()
    {
        var catalog = new FolderCatalog(_folder.Path);
        var table = await catalog.CreateTableAsync(new("ns", "t"), Numbers, cancellationToken: Cancellation);
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await (await Table.OpenAsync(table.MetadataLocation, Cancellation))
            .RemoveOrphanFilesAsync(cancellationToken: Cancellation));
        table = await table.NewTransaction().UpdateProperties(new Dictionary<string, string> { ["gc.enabled"] = "false" })
            .CommitAsync(Cancellation);
        Assert.Equal(IcebergError.Illegal,
            (await Assert.ThrowsAsync<IcebergException>(() => table.RemoveOrphanFilesAsync(cancellationToken: Cancellation))).Error);
    }

    [Fact]
    public async Task An_object_of_a_table_that_was_dropped_and_made_again_deletes_nothing()
    {
        var catalog = new SqliteCatalog(_folder.File("c.db"), _folder.File("w"));
        var held = await catalog.CreateTableAsync(new("ns", "t"), Numbers, cancellationToken: Cancellation);
        await catalog.DropTableAsync(new("ns", "t"), Cancellation);
        await AppendAsync(await catalog.CreateTableAsync(new("ns", "t"), Numbers, cancellationToken: Cancellation), 1);
        var later = await Assert.ThrowsAsync<IcebergException>(() => held.RemoveOrphanFilesAsync(cancellationToken: Cancellation));
        Assert.Equal(IcebergError.Conflict, later.Error);
        await Assert.ThrowsAsync<IcebergException>(() => held.ExpireSnapshotsAsync(cancellationToken: Cancellation));
        await Assert.ThrowsAsync<IcebergException>(() => held.CompactAsync(cancellationToken: Cancellation));
    }

    [Fact]
    public async Task Every_thread_finds_the_snapshots_of_a_fresh_copy()
    {
        var table = await AppendAsync(
            await new FolderCatalog(_folder.Path).CreateTableAsync(new("ns", "t"), Numbers, cancellationToken: Cancellation), 1);
        var id = table.Metadata.CurrentSnapshot!.SnapshotId;
        var missed = 0;
        for (var i = 0; i < 2000; i++)
        {
            var copy = table.Metadata with { Snapshots = [.. table.Metadata.Snapshots] };
            Parallel.For(0, 4, _ =>
            {
                if (copy.Find(id) is null) Interlocked.Increment(ref missed);
            });
        }

        Assert.Equal(0, missed);
    }

    private async Task<LocalAthena> AccountAsync()
    {
        var account = Some.Account(_folder);
        Directory.CreateDirectory(Path.Combine(account.Folder, "s3", "lake"));
        await account.Glue.CreateDatabaseAsync(new() { Name = "shop", LocationUri = "s3://lake/shop" }, Cancellation);
        return account;
    }

    private static async Task<Table> AppendAsync(Table table, long n)
    {
        await using var writer = new DataFileWriter(table);
        await writer.AddAsync([n], Cancellation);
        return await table.NewTransaction().Append(await writer.CompleteAsync(Cancellation)).CommitAsync(Cancellation);
    }
}
