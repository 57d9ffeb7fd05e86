using Dlt.Iceberg;
using Dlt.Parquet.Reading;
using Dlt.Tests.Support;

namespace Dlt.Tests.Iceberg;

/// <summary>Tables of format version 3: rows keep their ids, and deletes are vectors (docs/spec/iceberg.md 1.4).</summary>
public sealed class Version3Tests : IDisposable
{
    private static readonly PrimitiveType Int = new(PrimitiveKind.Int), Text = new(PrimitiveKind.String);

    private readonly TempFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Every_commit_gives_ids_to_its_new_rows_only()
    {
        var table = await CreateAsync();
        Assert.Equal((3, 0L), (table.Metadata.FormatVersion, table.Metadata.NextRowId));
        Assert.DoesNotContain("format-version", table.Metadata.Properties.Keys);
        table = await AppendAsync(table, [1, "a"], [2, "b"]);
        table = await AppendAsync(table, [3, "c"]);
        table = await table.ReloadAsync(Cancellation);
        Assert.Equal(3, table.Metadata.NextRowId);
        Assert.Equal([(0L, 2L), (2L, 1L)], table.Metadata.Snapshots.Select(s => (s.FirstRowId!.Value, s.AddedRows)));
        Assert.Equal(["0 1 a 1", "1 2 b 1", "2 3 c 2"], await LineageAsync(table));
        var owner = new Dictionary<string, string> { ["owner"] = "me" };
        table = await table.NewTransaction().UpdateProperties(owner).CommitAsync(Cancellation);
        Assert.Equal(3, table.Metadata.NextRowId);
    }

    [Theory, InlineData(RowChangeMode.CopyOnWrite), InlineData(RowChangeMode.MergeOnRead)]
    public async Task A_row_that_moves_keeps_its_id_and_one_that_changes_gets_the_number_of_the_commit(RowChangeMode mode)
    {
        var table = await AppendAsync(await CreateAsync(), [1, "a"], [2, "b"], [3, "c"]);
        table = await (await table.NewTransaction()
            .UpdateAsync(Filter.Equal("id", 2), r => [r[0], "changed"], mode, Cancellation)).CommitAsync(Cancellation);
        Assert.Equal(["0 1 a 1", "1 2 changed 2", "2 3 c 1"], await LineageAsync(table));
        table = await (await table.NewTransaction().UpdateAsync(Filter.Equal("id", 3), SetInPlace, mode, Cancellation))
            .CommitAsync(Cancellation);
        Assert.Equal(["0 1 a 1", "1 2 changed 2", "2 3 in place 3"], await LineageAsync(table));
        table = await (await table.NewTransaction().UpdateAsync(Filter.Equal("id", 3), r => r, mode, Cancellation))
            .CommitAsync(Cancellation);
        table = await (await table.NewTransaction().DeleteAsync(Filter.Equal("id", 1), mode, Cancellation)).CommitAsync(Cancellation);
        Assert.Equal(["1 2 changed 2", "2 3 in place 3"], await LineageAsync(table));
        table = await (await table.NewTransaction()
            .UpsertAsync([[3, "again"], [4, "new"]], ["id"], mode, Cancellation)).CommitAsync(Cancellation);
        var upserted = await LineageAsync(table);
        Assert.Equal(["1 2 changed 2", "2 3 again 6"], upserted[..2]);
        Assert.Matches("^[0-9]+ 4 new 6$", upserted[2]);
        Assert.DoesNotContain(upserted[2].Split(' ')[0], (string[])["0", "1", "2"]);
        table = await table.CompactAsync(rewriteAll: true, cancellationToken: Cancellation);
        Assert.Equal(upserted, await LineageAsync(table));
        Assert.Empty(await DeletesAsync(table));
        table = await AppendAsync(table, [5, "last"]);
        var ids = (await LineageAsync(table)).Select(l => l.Split(' ')[0]).ToList();
        Assert.Equal(ids.Distinct(), ids);
    }

    [Fact]
    public async Task A_file_has_one_vector_that_grows_and_goes_with_the_file()
    {
        var table = await AppendAsync(await CreateAsync(), [1, "a"], [2, "b"], [3, "c"]);
        table = await AppendAsync(table, [4, "d"]);
        table = await DeleteAsync(table, 1);
        var first = Assert.Single(await DeletesAsync(table));
        Assert.Equal(("PUFFIN", 1L), (first.FileFormat, first.RecordCount));
        table = await DeleteAsync(table, 3);
        var second = Assert.Single(await DeletesAsync(table));
        Assert.Equal((2L, first.ReferencedDataFile), (second.RecordCount, second.ReferencedDataFile));
        var summary = table.Metadata.CurrentSnapshot!.Summary;
        Assert.Equal(("1", "1", "1"), (summary["added-dvs"], summary["removed-dvs"], summary["total-delete-files"]));
        Assert.Equal(["2", "4"], await IdsAsync(table));
        table = await DeleteAsync(table, 4);
        Assert.Equal(2, (await DeletesAsync(table)).Count);
        table = await (await table.NewTransaction().DeleteAsync(Filter.In("id", 2), RowChangeMode.CopyOnWrite, Cancellation))
            .CommitAsync(Cancellation);
        Assert.Single(await DeletesAsync(table));
        Assert.Empty(await IdsAsync(table));
        Assert.Equal(["2", "4"], await IdsAsync(table, table.Metadata.Snapshots[3].SnapshotId));
    }

    [Fact]
    public async Task Two_deletes_of_one_transaction_make_one_vector()
    {
        var table = await AppendAsync(await CreateAsync(), [1, "a"], [2, "b"], [3, "c"]);
        var transaction = table.NewTransaction();
        foreach (var id in new[] { 1, 2 })
            transaction = await transaction.DeleteAsync(Filter.Equal("id", id), RowChangeMode.MergeOnRead, Cancellation);
        table = await transaction.CommitAsync(Cancellation);
        Assert.Equal(2, Assert.Single(await DeletesAsync(table)).RecordCount);
        Assert.Equal(["3"], await IdsAsync(table));
    }

    [Fact]
    public async Task Of_two_writers_that_delete_in_one_file_the_second_plans_again()
    {
        var table = await AppendAsync(await CreateAsync(), [1, "a"], [2, "b"]);
        table = await AppendAsync(table, [3, "c"]);
        var slow = await table.NewTransaction().DeleteAsync(Filter.Equal("id", 2), RowChangeMode.MergeOnRead, Cancellation);
        var elsewhere = await table.NewTransaction().DeleteAsync(Filter.Equal("id", 3), RowChangeMode.MergeOnRead, Cancellation);
        await DeleteAsync(table, 1);
        var error = await Assert.ThrowsAsync<IcebergException>(() => slow.CommitAsync(Cancellation));
        Assert.Equal(IcebergError.Conflict, error.Error);
        table = await elsewhere.CommitAsync(Cancellation);
        Assert.Equal(["2"], await IdsAsync(table));
        table = await DeleteAsync(table, 2);
        Assert.Empty(await IdsAsync(table));
    }

    [Fact]
    public async Task An_upgraded_table_gets_ids_with_its_next_commit_and_its_position_deletes_become_vectors()
    {
        var table = await CreateAsync("2");
        table = await DeleteAsync(await AppendAsync(table, [1, "a"], [2, "b"], [3, "c"]), 1);
        Assert.Equal("PARQUET", Assert.Single(await DeletesAsync(table)).FileFormat);
        table = await table.NewTransaction().UpgradeFormatVersion(3).CommitAsync(Cancellation);
        Assert.Equal([" 2 b ", " 3 c "], await LineageAsync(table));
        table = await DeleteAsync(table, 2);
        var vector = Assert.Single(await DeletesAsync(table));
        Assert.Equal(("PUFFIN", 2L), (vector.FileFormat, vector.RecordCount));
        Assert.Equal(["2 3 c 1"], await LineageAsync(table));
        Assert.Equal(3, table.Metadata.NextRowId);
        table = await AppendAsync(table, [4, "d"]);
        Assert.Equal(["2 3 c 1", "3 4 d 4"], await LineageAsync(table));
        Assert.Equal(["2", "3"], await IdsAsync(table, table.Metadata.Snapshots[1].SnapshotId));
    }

    [Fact]
    public async Task Manifests_that_are_merged_or_written_again_keep_the_ids_of_their_files()
    {
        var table = await CreateAsync();
        for (var i = 0; i < 5; i++) table = await AppendAsync(table, [i, "v"]);
        var before = await LineageAsync(table);
        table = await table.RewriteManifestsAsync(Cancellation);
        Assert.Equal(before, await LineageAsync(table));
        var merging = new Dictionary<string, string> { ["commit.manifest.min-count-to-merge"] = "2" };
        table = await table.NewTransaction().UpdateProperties(merging).CommitAsync(Cancellation);
        table = await AppendAsync(table, [9, "v"]);
        var after = await LineageAsync(table);
        Assert.Equal(before, after[..5]);
        Assert.Equal(6, after.Select(l => l.Split(' ')[0]).Distinct().Count());
    }

    [Fact]
    public async Task Nanoseconds_are_written_read_and_filtered()
    {
        var schema = new Schema(
            [new(1, "id", Int), new(2, "at", new PrimitiveType(PrimitiveKind.TimestampNs)),
                new(3, "utc", new PrimitiveType(PrimitiveKind.TimestampTzNs))]);
        var table = await CreateAsync(schema: schema);
        const long At = 1_700_000_000_123_456_789;
        table = await AppendAsync(table, [1, At, At + 1], [2, "2024-01-01T00:00:00.000000001", null], [3, null, DateTimeOffset.UnixEpoch]);
        var rows = await table.Scan().ReadRowsAsync(Cancellation).ToListAsync(Cancellation);
        Assert.Equal((At, At + 1), (rows[0][1], rows[0][2]));
        Assert.Equal(1_704_067_200_000_000_001L, rows[1][1]);
        Assert.Equal(0L, rows[2][2]);
        Assert.Equal(["1"], await IdsAsync(table, where: Filter.Equal("at", "2023-11-14T22:13:20.123456789")));
        Assert.Empty(await IdsAsync(table, where: Filter.Equal("at", "2023-11-14T22:13:20.123456788")));
        var file = (await OneColumn.FilesAsync(table))[0];
        Assert.Equal(At, BitConverter.ToInt64(file.LowerBounds![2]));
        var path = file.FilePath["file://".Length..];
        Assert.Equal([$"{At}"], Duck.Values($"SELECT epoch_ns(\"at\") FROM '{path}' WHERE id = 1"));
        Assert.Equal(["TIMESTAMP_NS"], Duck.Values($"SELECT typeof(\"at\") FROM '{path}' LIMIT 1"));
        table = await (await table.NewTransaction().UpdateAsync(Filter.Equal("id", 2), r => r, cancellationToken: Cancellation))
            .CommitAsync(Cancellation);
        Assert.Equal(["1", "2", "3"], await IdsAsync(table));
    }

    [Fact]
    public async Task Types_that_are_not_written_and_merges_by_keys_are_refused_by_name()
    {
        var error = await Assert.ThrowsAsync<IcebergException>(() => CreateAsync("4"));
        Assert.Contains("'4'", error.Message, StringComparison.Ordinal);
        var unknown = await CreateAsync(schema: new([new(1, "id", Int), new(2, "x", new PrimitiveType(PrimitiveKind.Unknown))]));
        error = await Assert.ThrowsAsync<IcebergException>(() => AppendAsync(unknown, [1, null]));
        Assert.Contains("'x'", error.Message, StringComparison.Ordinal);
        error = Assert.Throws<IcebergException>(unknown.Metadata.CheckMerges);
        Assert.Contains("UpsertAsync", error.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<IcebergException>(
            () => CreateAsync("2", new([new(1, "at", new PrimitiveType(PrimitiveKind.TimestampNs))])));
    }

    [Fact]
    public void The_vector_of_the_specification_is_written_byte_for_byte() => Assert.Equal(
        "00000024D1D339640100000000000000000000003A300000010000000000010010000000010005003E6E302F",
        Convert.ToHexString(VectorBytes.Of([1, 5])));

    [Fact]
    public void Vectors_of_any_positions_are_read_back()
    {
        var random = new Random(5);
        for (var round = 0; round < 40; round++)
        {
            var (span, count) = (1L << random.Next(1, 36), random.Next(0, 20_000));
            List<long> positions = [.. Enumerable.Range(0, count).Select(_ => random.NextInt64(span)).Distinct().Order()];
            if (round % 5 == 0) positions = [.. Enumerable.Range(60_000, count).Select(i => (long)i)];
            Assert.Equal(positions, DeletionVector.Read(VectorBytes.Of(positions)).Order());
        }
    }

    private Task<Table> CreateAsync(string version = "3", Schema? schema = null) =>
        new FolderCatalog(_folder.File("w")) { DataFileReader = new ParquetDataFileReader() }.CreateTableAsync(
            new("db", $"t{Guid.NewGuid():N}"), schema ?? new([new(1, "id", Int), new(2, "v", Text)]),
            properties: new Dictionary<string, string> { ["format-version"] = version }, cancellationToken: Cancellation);

    private static object?[] SetInPlace(object?[] row)
    {
        row[1] = "in place";
        return row;
    }

    private static async Task<Table> AppendAsync(Table table, params object?[][] rows)
    {
        await using var writer = new DataFileWriter(table);
        foreach (var row in rows) await writer.AddAsync(row, Cancellation);
        return await table.NewTransaction().Append(await writer.CompleteAsync(Cancellation)).CommitAsync(Cancellation);
    }

    private static async Task<Table> DeleteAsync(Table table, int id) =>
        await (await table.NewTransaction().DeleteAsync(Filter.Equal("id", id), RowChangeMode.MergeOnRead, Cancellation))
            .CommitAsync(Cancellation);

    private static async Task<List<string>> IdsAsync(Table table, long? snapshot = null, Filter? where = null)
    {
        var scan = snapshot is { } id ? table.Scan().UseSnapshot(id) : table.Scan();
        var rows = await scan.Where(where ?? Filter.True).ReadRowsAsync(Cancellation).ToListAsync(Cancellation);
        return [.. rows.Select(r => $"{r[0]}").Order(StringComparer.Ordinal)];
    }

    private static async Task<List<DataFile>> DeletesAsync(Table table)
    {
        var reader = new SnapshotReader(table.Files, table.Metadata);
        var manifests = await reader.ManifestsAsync(table.Metadata.CurrentSnapshot!, Cancellation);
        var entries = await reader.LiveEntriesAsync(manifests.Where(m => m.IsDeletes), Cancellation);
        return [.. entries.Select(e => e.File)];
    }

    /// <summary>The rows as texts: row id, columns, number of the commit that changed the row last.</summary>
    private static async Task<List<string>> LineageAsync(Table table)
    {
        var schema = RowLineage.SchemaOf(table.Metadata);
        var reader = new TaskReader(table.Files, table.Metadata, new ParquetDataFileReader());
        var rows = new List<(long? Id, string Text)>();
        await foreach (var task in table.Scan().PlanFilesAsync(Cancellation))
        {
            await foreach (var batch in reader.ReadAsync(task, schema, Filter.True, Cancellation))
                rows.AddRange(batch.Select(b => ((long?)b.Row[2], $"{b.Row[2]} {b.Row[0]} {b.Row[1]} {b.Row[3]}")));
        }

        return [.. rows.OrderBy(r => r.Id).Select(r => r.Text)];
    }
}
