using Dlt.Golden.Harness;
using Dlt.Iceberg;
using Dlt.Json;
using Dlt.Parquet.Reading;
using Xunit;

namespace Dlt.Golden.Iceberg;

/// <summary>We change tables of other engines: old and new rows are readable.</summary>
public class ChangeTests
{
    public static TheoryData<string> Cases => GoldenTables.Cases();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory(SkipTestWithoutData = true), MemberData(nameof(Cases))]
    public void Rows_that_are_appended_deleted_and_moved_together_leave_other_rows_unchanged(string id) =>
        Judge.Run(GoldenTables.Case("changes", id), _ => ChangeAsync(id).GetAwaiter().GetResult());

    private static async Task ChangeAsync(string id)
    {
        var golden = await GoldenTables.OpenAsync(id);
        var catalog = new ChangedCopies(golden) { DataFileReader = new ParquetDataFileReader() };
        var table = await catalog.LoadTableAsync(new("golden", "table"), Cancellation);
        var history = new Dictionary<long, List<string>>();
        foreach (var snapshot in golden.Metadata.Snapshots)
            history[snapshot.SnapshotId] = await GoldenTables.RowsAsync(golden, golden.Scan().UseSnapshot(snapshot.SnapshotId));
        var before = await GoldenTables.RowsAsync(golden, golden.Scan());
        if (await FirstRowAsync(table) is not { } row) return;

        if (table.Metadata.FormatVersion == 1) table = await UpgradedAsync(table, row);
        table = await AppendAsync(table, row);
        var added = JsonText.Write(Canonical.Of(table.Metadata.CurrentSchema.Struct, row));
        Assert.Equal([.. before.Append(added).Order(StringComparer.Ordinal)], await GoldenTables.RowsAsync(table, table.Scan()));
        Assert.Equal("append", table.Metadata.CurrentSnapshot!.Operation);
        Assert.Equal(golden.Metadata.CurrentSnapshot?.SnapshotId, table.Metadata.CurrentSnapshot.ParentSnapshotId);
        if (table.Metadata.FormatVersion == 3) await RowLineageShapes.CheckAppendedAsync(golden, table);

        table = await table.CompactAsync(minInputFiles: 2, cancellationToken: Cancellation);
        Assert.Equal([.. before.Append(added).Order(StringComparer.Ordinal)], await GoldenTables.RowsAsync(table, table.Scan()));
        table = await (await table.NewTransaction().DeleteAsync(Filter.True, RowChangeMode.MergeOnRead, Cancellation))
            .CommitAsync(Cancellation);
        Assert.Empty(await GoldenTables.RowsAsync(table, table.Scan()));

        foreach (var (snapshot, rows) in history)
            Assert.Equal(rows, await GoldenTables.RowsAsync(table, table.Scan().UseSnapshot(snapshot)));
        var (old, now) = (golden.Metadata.Source!, TableMetadataJson.ToJson(table.Metadata));
        foreach (var (name, value) in old.Members.Where(m => m.Key.StartsWith("x-", StringComparison.Ordinal)
            || m.Key.Contains("unknown", StringComparison.Ordinal))) Assert.Equal(value, now[name]);
    }

    [Theory(SkipTestWithoutData = true), MemberData(nameof(Cases))]
    public void Columns_specs_and_upkeep_change_no_row(string id) =>
        Judge.Run(GoldenTables.Case("upkeep", id), _ => KeepUpAsync(id).GetAwaiter().GetResult());

    private static async Task KeepUpAsync(string id)
    {
        var golden = await GoldenTables.OpenAsync(id);
        var catalog = new ChangedCopies(golden) { DataFileReader = new ParquetDataFileReader() };
        var table = await catalog.LoadTableAsync(new("golden", "table"), Cancellation);
        var before = await GoldenTables.RowsAsync(golden, golden.Scan());
        var fields = golden.Metadata.CurrentSchema.Fields;
        var names = fields.Select(f => f.Name).ToArray();

        table = await table.NewTransaction().UpdateProperties(new Dictionary<string, string> { ["owner"] = "me" })
            .CommitAsync(Cancellation);
        Assert.Equal(golden.Metadata.FormatVersion, table.Metadata.FormatVersion);
        table = await Reloaded(catalog, table);
        Assert.Equal(before, await GoldenTables.RowsAsync(table, table.Scan()));

        table = await table.NewTransaction()
            .UpdateSchema(s => s.RenameColumn(names[0], "renamed_by_us").AddColumn("added_by_us", new PrimitiveType(PrimitiveKind.String)))
            .CommitAsync(Cancellation);
        table = await Reloaded(catalog, table);
        Assert.Equal(before.Count, (await GoldenTables.RowsAsync(table, table.Scan().Where(Filter.IsNull("added_by_us")))).Count);
        table = await table.NewTransaction().UpdateSchema(s => s.RenameColumn("renamed_by_us", names[0]).DropColumn("added_by_us"))
            .CommitAsync(Cancellation);
        Assert.Equal(before, await GoldenTables.RowsAsync(table, table.Scan().Select(names)));

        // Changes of the metadata leave the version to the owner; rows need the second one.
        Assert.Equal(golden.Metadata.FormatVersion, table.Metadata.FormatVersion);
        if (table.Metadata.FormatVersion == 1) table = await table.NewTransaction().UpgradeFormatVersion(2).CommitAsync(Cancellation);
        if (fields.FirstOrDefault(f => f.Type is PrimitiveType type && Transform.Bucket(3).ResultType(type) is not null) is { } source)
        {
            table = await table.NewTransaction().UpdateSpec(s => s.AddField(source.Name, Transform.Bucket(3), "bucket_by_us"))
                .CommitAsync(Cancellation);
            if (await FirstRowAsync(table) is { } row)
            {
                table = await AppendAsync(table, row);
                before = [.. before.Append(JsonText.Write(Canonical.Of(table.Metadata.CurrentSchema.Struct, row)))
                    .Order(StringComparer.Ordinal)];
            }

            table = await Reloaded(catalog, table);
            Assert.Equal(before, await GoldenTables.RowsAsync(table, table.Scan()));
        }

        table = await table.RewriteManifestsAsync(Cancellation);
        Assert.Equal(before, await GoldenTables.RowsAsync(table, table.Scan()));
        if (table.Metadata.CurrentSnapshot is null) return;
        table = await (await table.NewTransaction().UpdateAsync(Filter.True, row => row, cancellationToken: Cancellation))
            .CommitAsync(Cancellation);
        Assert.Equal(before, await GoldenTables.RowsAsync(table, table.Scan()));
        table = await (await table.NewTransaction().UpdateAsync(Filter.True, row => row, RowChangeMode.MergeOnRead, Cancellation))
            .CommitAsync(Cancellation);
        Assert.Equal(before, await GoldenTables.RowsAsync(table, table.Scan()));
        table = await (await table.NewTransaction().DeleteAsync(Filter.True, cancellationToken: Cancellation)).CommitAsync(Cancellation);
        Assert.Empty(await GoldenTables.RowsAsync(table, table.Scan()));
    }

    /// <summary>A table of version 1 takes no rows until its owner upgrades it; then every snapshot has what version 2 requires.</summary>
    private static async Task<Table> UpgradedAsync(Table table, object?[] row)
    {
        var error = await Assert.ThrowsAsync<IcebergException>(() => AppendAsync(table, row));
        Assert.Equal(IcebergError.Unsupported, error.Error);
        Assert.Contains("UpgradeFormatVersion(2)", error.Message, StringComparison.Ordinal);
        Assert.Equal(table.MetadataLocation, (await table.ReloadAsync(Cancellation)).MetadataLocation);
        table = await (await table.NewTransaction().UpgradeFormatVersion(2).CommitAsync(Cancellation)).ReloadAsync(Cancellation);
        Assert.Equal(2, table.Metadata.FormatVersion);
        Assert.NotNull(table.Metadata.TableUuid);
        foreach (var snapshot in table.Metadata.Snapshots) Assert.True(snapshot.Operation is not null && snapshot.ManifestList is not null);
        return table;
    }

    /// <summary>The table by the metadata file that was written.</summary>
    private static async Task<Table> Reloaded(ChangedCopies catalog, Table table)
    {
        var now = await catalog.LoadTableAsync(new("golden", "table"), Cancellation);
        Assert.Equal(table.MetadataLocation, now.MetadataLocation);
        return now;
    }

    /// <summary>A row that the table has, or nulls where it has none and allows them.</summary>
    private static async Task<object?[]?> FirstRowAsync(Table table)
    {
        await foreach (var batch in new ScanReader(table.Scan(), new ParquetDataFileReader())
            .ReadAsync(Cancellation))
            if (batch.Count > 0) return batch[0];
        return table.Metadata.CurrentSchema.Fields.Any(f => f.IsRequired) ? null : new object?[table.Metadata.CurrentSchema.Fields.Length];
    }

    private static async Task<Table> AppendAsync(Table table, object?[] row)
    {
        await using var writer = new DataFileWriter(table);
        await writer.AddAsync(row, Cancellation);
        return await table.NewTransaction().Append(await writer.CompleteAsync(Cancellation)).CommitAsync(Cancellation);
    }
}
