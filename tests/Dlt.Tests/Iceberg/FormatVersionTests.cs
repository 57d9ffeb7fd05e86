using Dlt.Iceberg;
using Dlt.Json;
using Dlt.Parquet.Reading;
using Dlt.Tests.Support;

namespace Dlt.Tests.Iceberg;

/// <summary>Tables of version 1 belong to other writers: only their owner upgrades them to version 2.</summary>
public sealed class FormatVersionTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static Schema Items { get; } = new(
        [new(1, "id", new PrimitiveType(PrimitiveKind.Long)), new(2, "p", new PrimitiveType(PrimitiveKind.String))]);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_table_of_version_1_refuses_rows_and_the_error_names_the_call_that_upgrades_it()
    {
        var table = await OldTableAsync();
        var files = Directory.GetFiles(_folder.Path, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal).ToList();
        async Task RefusedAsync(Func<Task> change)
        {
            var error = await Assert.ThrowsAsync<IcebergException>(change);
            Assert.Equal(IcebergError.Unsupported, error.Error);
            Assert.Contains("table.NewTransaction().UpgradeFormatVersion(2).CommitAsync()", error.Message, StringComparison.Ordinal);
        }

        await RefusedAsync(() => Task.FromResult(new DataFileWriter(table)));
        await RefusedAsync(() => table.NewTransaction().DeleteAsync(Filter.Equal("id", 1), cancellationToken: Cancellation));
        await RefusedAsync(() => table.NewTransaction().UpsertAsync([[1L, "x"]], ["id"], cancellationToken: Cancellation));
        await RefusedAsync(() => table.NewTransaction().ReplaceAll([]).CommitAsync(Cancellation));
        await RefusedAsync(() => table.CompactAsync(rewriteAll: true, cancellationToken: Cancellation));
        await RefusedAsync(() => table.RewriteManifestsAsync(Cancellation));
        Assert.Equal(files, Directory.GetFiles(_folder.Path, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Changes_of_the_metadata_leave_a_table_of_version_1_what_it_is()
    {
        var table = await OldTableAsync();
        table = await table.NewTransaction().UpdateProperties(new Dictionary<string, string> { ["owner"] = "me" })
            .UpdateSchema(s => s.AddColumn("q", new PrimitiveType(PrimitiveKind.Int))).CommitAsync(Cancellation);
        table = await table.ReloadAsync(Cancellation);
        Assert.Equal(1, table.Metadata.FormatVersion);
        Assert.Equal([new("1", "a", null), new("2", "b", null)], await TableScanRows.ReadAsync(table.Scan()));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_upgrade_gives_older_snapshots_the_members_that_version_2_requires(bool byProperty)
    {
        var table = await OldTableAsync();
        var transaction = table.NewTransaction();
        transaction = byProperty
            ? transaction.UpdateProperties(new Dictionary<string, string> { ["format-version"] = "2" })
            : transaction.UpgradeFormatVersion(2);
        table = await (await transaction.CommitAsync(Cancellation)).ReloadAsync(Cancellation);
        Assert.Equal(2, table.Metadata.FormatVersion);
        Assert.DoesNotContain("format-version", table.Metadata.Properties.Keys);
        foreach (var snapshot in table.Metadata.Source!["snapshots"]!.Items)
        {
            Assert.Equal("overwrite", snapshot["summary"]!["operation"]!.AsString());
            Assert.NotNull(snapshot["manifest-list"]);
            Assert.Null(snapshot["manifests"]);
            Assert.Equal(0, snapshot["sequence-number"]!.AsInt64());
        }

        var first = table.Metadata.Snapshots[0].SnapshotId;
        table = await (await table.NewTransaction().DeleteAsync(Filter.Equal("id", 1), RowChangeMode.MergeOnRead, Cancellation))
            .CommitAsync(Cancellation);
        Assert.Equal([new("2", "b")], await TableScanRows.ReadAsync(table.Scan()));
        Assert.Equal([new("1", "a")], await TableScanRows.ReadAsync(table.Scan().UseSnapshot(first)));
    }

    [Fact]
    public async Task A_version_is_never_lowered_and_version_4_is_not_written()
    {
        var table = await Catalog().CreateTableAsync(new("ns", "t"), Items, cancellationToken: Cancellation);
        Assert.Equal(IcebergError.Illegal,
            (await Assert.ThrowsAsync<IcebergException>(
                () => table.NewTransaction().UpgradeFormatVersion(1).CommitAsync(Cancellation))).Error);
        Assert.Equal(IcebergError.Unsupported,
            (await Assert.ThrowsAsync<IcebergException>(
                () => table.NewTransaction().UpgradeFormatVersion(4).CommitAsync(Cancellation))).Error);
        Assert.Equal(
            table.MetadataLocation, (await table.NewTransaction().UpgradeFormatVersion(2).CommitAsync(Cancellation)).MetadataLocation);
    }

    private FolderCatalog Catalog() => new(_folder.Path) { DataFileReader = new ParquetDataFileReader() };

    /// <summary>A table whose metadata was rewritten as version 1 has it: snapshots without summary, the first one with its manifests in
    /// the metadata itself.</summary>
    private async Task<Table> OldTableAsync()
    {
        var table = await Catalog().CreateTableAsync(new("ns", "t"), Items, cancellationToken: Cancellation);
        table = await AppendAsync(await AppendAsync(table, [1L, "a"]), [2L, "b"]);
        var first = table.Metadata.Snapshots[0];
        var manifests = await new SnapshotReader(table.Files, table.Metadata).ManifestsAsync(first, Cancellation);
        var old = table.Metadata.Snapshots.Select(s => s.Json.Without("summary").Without("sequence-number")).ToList();
        old[0] = old[0].Without("manifest-list").With("manifests", JsonValue.Array([.. manifests.Select(m => JsonValue.String(m.Path))]));
        var json = TableMetadataJson.ToJson(table.Metadata)
            .With("format-version", JsonValue.Integer(1))
            .With("snapshots", JsonValue.Array([.. old]))
            .With("schema", SchemaJson.Write(table.Metadata.CurrentSchema))
            .With("partition-spec", JsonValue.EmptyArray)
            .Without("last-sequence-number");
        await File.WriteAllBytesAsync(Dlt.Iceberg.LocalFileIO.PathOf(table.MetadataLocation), JsonText.WriteUtf8(json), Cancellation);
        return await Catalog().LoadTableAsync(new("ns", "t"), Cancellation);
    }

    private static async Task<Table> AppendAsync(Table table, params object?[][] rows)
    {
        await using var writer = new DataFileWriter(table);
        foreach (var row in rows) await writer.AddAsync(row, Cancellation);
        return await table.NewTransaction().Append(await writer.CompleteAsync(Cancellation)).CommitAsync(Cancellation);
    }
}
