using Dlt.Iceberg;
using Dlt.Parquet.Reading;
using Dlt.Tests.Support;

namespace Dlt.Tests.Iceberg.Reading;

/// <summary>Equality deletes that other engines write.</summary>
public sealed class EqualityDeleteTests : IDisposable
{
    private static readonly PrimitiveType Int = new(PrimitiveKind.Int), Text = new(PrimitiveKind.String),
    Double = new(PrimitiveKind.Double);

    private static readonly Schema Schema =
        new([new(1, "addr",
            new StructType([new(5, "zip", Int, true), new(6, "city", Text), new(7, "geo", new StructType([new(8, "x", Int)]))])),
            new(2, "n", Int), new(3, "d", Double)]);

    private readonly TempFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("SELECT {'zip': 20::INTEGER} AS addr", "addr: {__duckdb_field_id: 1, zip: 5}", new[] { 5 }, new[] { 1, 3 })]
    [InlineData("SELECT NULL::STRUCT(zip INTEGER) AS addr", "addr: {__duckdb_field_id: 1, zip: 5}", new[] { 5 }, new[] { 1, 2 })]
    [InlineData("SELECT {'geo': {'x': 7::INTEGER}} AS addr", "addr: {__duckdb_field_id: 1, geo: {__duckdb_field_id: 7, x: 8}}",
        new[] { 8 }, new[] { 2, 3 })]
    [InlineData("SELECT {'zip': 10::INTEGER, 'geo': {'x': 7::INTEGER}} AS addr",
        "addr: {__duckdb_field_id: 1, zip: 5, geo: {__duckdb_field_id: 7, x: 8}}", new[] { 5, 8 }, new[] { 2, 3 })]
    [InlineData("SELECT {'zip': 20::INTEGER} AS addr, 2::INTEGER AS n", "addr: {__duckdb_field_id: 1, zip: 5}, n: 2",
        new[] { 2, 5 }, new[] { 1, 3 })]
    [InlineData("SELECT 3::INTEGER AS n", "n: 2", new[] { 2 }, new[] { 1, 2 })]
    public async Task A_field_within_a_struct_is_compared_as_a_column_is(string rows, string ids, int[] compared, int[] left)
    {
        var table = await TableAsync([new object?[] { 10, "A", new object?[] { 7 } }, 1, 0.5],
            [new object?[] { 20, "B", null }, 2, 1.5], [null, 3, null]);
        table = await DeleteAsync(table, rows, ids, compared);
        foreach (var scan in new[] { table.Scan(), table.Scan().Select("n"),
            table.Scan().Select("n").Where(Filter.Or(Filter.IsNull("addr.city"), Filter.IsNotNull("addr.city"))) })
        {
            var read = await scan.ReadRowsAsync(Cancellation).ToListAsync(Cancellation);
            Assert.Equal(left, read.Select(r => (int)r[^(scan.Schema.Fields.Length == 1 ? 1 : 2)]!).Order());
            Assert.All(read, r => Assert.Equal(scan.Schema.Fields.Length, r.Length));
        }

        // Rows can be changed, and the table can be compacted.
        table = await (await table.NewTransaction()
            .UpdateAsync(Filter.True, r => [r[0], (int)r[1]! + 10, r[2]], cancellationToken: Cancellation)).CommitAsync(Cancellation);
        Assert.Equal(left.Select(n => n + 10), (await table.Scan().ReadRowsAsync(Cancellation).ToListAsync(Cancellation))
            .Select(r => (int)r[1]!).Order());
    }

    [Fact]
    public async Task A_field_dropped_from_the_struct_is_still_compared_but_not_shown()
    {
        var table = await TableAsync([new object?[] { 10, "A", null }, 1, 0.5], [new object?[] { 20, "B", null }, 2, 1.5]);
        table = await DeleteAsync(table, "SELECT {'city': 'B'} AS addr", "addr: {__duckdb_field_id: 1, city: 6}", [6]);
        table = await table.NewTransaction().UpdateSchema(s => s.DropColumn("addr.city")).CommitAsync(Cancellation);
        var row = Assert.Single(await table.Scan().ReadRowsAsync(Cancellation).ToListAsync(Cancellation));
        Assert.Equal([10, null], Assert.IsType<object?[]>(row[0]));
    }

    [Fact]
    public async Task A_nan_is_deleted_by_a_nan_although_no_bounds_have_it()
    {
        var table = await TableAsync([null, 1, double.NaN], [null, 2, 5.0]);
        var path = await WriteAsync("SELECT unnest(['NaN'::DOUBLE, 9.0]) AS d", "d: 3");
        var deletes = new DataFile
        {
            Content = FileContent.EqualityDeletes,
            FilePath = path,
            RecordCount = 2,
            FileSizeInBytes = new FileInfo(path).Length,
            EqualityIds = [3],
            ValueCounts = new Dictionary<int, long> { [3] = 2 },
            NullValueCounts = new Dictionary<int, long> { [3] = 0 },
            LowerBounds = new Dictionary<int, byte[]> { [3] = SingleValue.Encode(Double, 9.0)! },
            UpperBounds = new Dictionary<int, byte[]> { [3] = SingleValue.Encode(Double, 9.0)! },
        };
        table = await table.NewTransaction().Add(new OverwriteAction { AddedDeletes = [deletes] }).CommitAsync(Cancellation);
        Assert.Equal([2], (await table.Scan().ReadRowsAsync(Cancellation).ToListAsync(Cancellation)).Select(r => (int)r[1]!));
    }

    [Fact]
    public async Task A_row_deleted_while_it_was_compacted_into_a_merged_manifest_stays_deleted()
    {
        var planned = await TableAsync([null, 1, 0.5], [null, 2, 1.5]);
        planned = await planned.NewTransaction()
            .UpdateProperties(new Dictionary<string, string> { ["commit.manifest.min-count-to-merge"] = "2" }).CommitAsync(Cancellation);
        var compaction = new Compaction(planned);
        var choice = await compaction.ChooseAsync(new() { RewriteAll = true }, Cancellation);
        await DeleteAsync(planned, "SELECT 2::INTEGER AS n", "n: 2", [2]);
        var compacted = await compaction.RewriteAsync(
            planned.NewTransaction(), choice.Batches(long.MaxValue).Single(), planned.Metadata.DefaultSortOrder, Cancellation);

        Assert.Equal([1], (await compacted.Scan().ReadRowsAsync(Cancellation).ToListAsync(Cancellation)).Select(r => (int)r[1]!));
        var manifests = await new SnapshotReader(compacted.Files, compacted.Metadata)
            .ManifestsAsync(compacted.Metadata.CurrentSnapshot!, Cancellation);
        Assert.Single(manifests, m => !m.IsDeletes);
    }

    private async Task<Table> TableAsync(params object?[][] rows)
    {
        var table = await new FolderCatalog(_folder.File("w")) { DataFileReader = new ParquetDataFileReader() }
            .CreateTableAsync(new("db", "t" + Guid.NewGuid().ToString("N")), Schema, cancellationToken: Cancellation);
        var ids = table.Metadata.CurrentSchema.AllFields.ToDictionary(f => f.FullName, f => f.Field.Id);
        Assert.Equal((1, 2, 3), (ids["addr"], ids["n"], ids["d"]));
        await using var writer = new DataFileWriter(table);
        foreach (var row in rows) await writer.AddAsync(row, Cancellation);
        return await table.NewTransaction().Append(await writer.CompleteAsync(Cancellation)).CommitAsync(Cancellation);
    }

    private async Task<string> WriteAsync(string rows, string ids)
    {
        var path = _folder.File($"{Guid.NewGuid():N}.parquet");
        await Task.Run(() => Duck.Execute($"COPY ({rows}) TO '{path}' (FORMAT parquet, FIELD_IDS {{{ids}}})"), Cancellation);
        return path;
    }

    private async Task<Table> DeleteAsync(Table table, string rows, string ids, int[] compared)
    {
        // The catalog assigns new ids, so the test finds fields by name.
        var own = new Dictionary<int, int>();
        foreach (var (field, name) in Schema.AllFields) own[field.Id] = table.Metadata.CurrentSchema.Find(name)!.Id;
        var mapped = System.Text.RegularExpressions.Regex.Replace(
            ids, @"\d+", m => $"{own[int.Parse(m.Value, System.Globalization.CultureInfo.InvariantCulture)]}");
        var path = await WriteAsync(rows, mapped);
        var deletes = new DataFile
        {
            Content = FileContent.EqualityDeletes,
            FilePath = path,
            RecordCount = 1,
            FileSizeInBytes = new FileInfo(path).Length,
            EqualityIds = [.. compared.Select(c => own[c])],
        };
        return await table.NewTransaction().Add(new OverwriteAction { AddedDeletes = [deletes] }).CommitAsync(Cancellation);
    }
}
